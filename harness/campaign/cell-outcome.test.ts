import { describe, expect, it } from 'vitest'
import { breachedOf, type CellRun, cellOutcome, skippedOutcome } from './cell-outcome.ts'
import { cellRun, resultOf } from './testing/results.ts'

const cost = { writes: 2, requests: 3, bytes: 100 }
const passed = (more: Partial<CellRun> = {}) => cellRun(resultOf('pass'), { cost, ...more })
const failed = (...ids: string[]) =>
  cellRun(resultOf('fail', ids, 2), { cost, evidence: ['5.00 s  server  commits ana-1'] })

describe('the outcome of a cell', () => {
  it('passes if each run passed, and sums up what it cost', () => {
    expect(cellOutcome([passed({ recoveryMs: 10 }), passed({ recoveryMs: 30 })])).toEqual({
      ...{ verdict: 'pass', runs: 2, alike: 2, replay: 'replay 1' },
      ...{ evidence: [], recoveryMs: 30 },
      cost: { writes: 4, requests: 6, bytes: 200 },
    })
  })

  it('has each invariant that failed with any seed, and shows the first that failed', () => {
    const outcome = cellOutcome([passed(), failed('ONE-ROW'), failed('NO-LOSS', 'ONE-ROW')])
    expect(outcome).toMatchObject({
      ...{ verdict: ['NO-LOSS', 'ONE-ROW'], runs: 3, alike: 2, finding: 'ONE-ROW is broken' },
      ...{ evidence: ['5.00 s  server  commits ana-1'], replay: 'replay 2' },
    })
  })

  it('has no time to recover if a run did not', () => {
    expect(cellOutcome([passed({ recoveryMs: 10 }), passed()])).not.toHaveProperty('recoveryMs')
  })

  it('is undecided, with the reason, if a run is and none failed', () => {
    const undecided = cellRun(resultOf('unknown'), { cost })
    expect(cellOutcome([passed(), undecided])).toMatchObject({
      ...{ verdict: 'unknown', alike: 1, why: 'nobody looked' },
    })
    expect(cellOutcome([undecided, failed('NO-LOSS')]).verdict).toEqual(['NO-LOSS'])
  })

  it('is undecided without runs', () => {
    expect(cellOutcome([])).toMatchObject({ verdict: 'unknown', why: 'no reason was given' })
  })

  it('does not count findings of a run that is undecided', () => {
    expect(breachedOf(resultOf('unknown', ['NO-LOSS']))).toEqual([])
  })

  it('is skipped with the reason', () => {
    expect(skippedOutcome('it cannot edit')).toMatchObject({
      ...{ verdict: 'skipped', why: 'it cannot edit', runs: 0 },
    })
  })
})
