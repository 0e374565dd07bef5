import { describe, expect, it } from 'vitest'
import { EPOCH_WALL } from '../core/time.ts'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import conflictClock from './conflict-clock.ts'

const stamp = (ms: number) => `${String(EPOCH_WALL + ms).padStart(15, '0')}:00000:x`
const note = (ms: number, policy = 'last-write-wins') =>
  tinyHistory({ policy })
    .create('ana-1', 'n1', 'old')
    .commit('ana-1', { base: 0, stamp: stamp(ms) })
    .as('first')
    .update('ben-1', 'n1', 'new')

describe('CONFLICT-CLOCK', () => {
  it('judges only stamped commits under last-write-wins, and needs versions', () => {
    expect(tinyHistory().create('ana-1', 'm1').commit('ana-1').check(conflictClock)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(note(1e9, 'server-wins').check(conflictClock)).toEqual({ judged: 0, findings: [] })
    expect(conflictClock.needs(MINIMAL)).toBeDefined()
  })

  it('passes stamps that rise with the versions and are at most a minute ahead', () => {
    expect(
      note(60_000)
        .commit('ben-1', { base: 1, stamp: stamp(60_001) })
        .check(conflictClock),
    ).toEqual({ judged: 2, findings: [] })
  })

  it('reports a stamp from the future', () => {
    const history = note(86_400_000)
    expect(history.findings(conflictClock)).toEqual([
      {
        message:
          "ana's note 'old' (ana-1) was stored at 200 ms with a stamp 24 h in the future: it wins against every write until then",
        opIds: ['ana-1'],
        evidence: [history.seq('first')],
      },
    ])
  })

  it('reports a write that sorts before the version its writer had seen', () => {
    const history = note(9000)
      .commit('ben-1', { base: 1, stamp: stamp(300) })
      .as('second')
    expect(history.findings(conflictClock)).toEqual([
      {
        message:
          "ben's edit of note n1 'new' (ben-1) replaced ana's note 'old' (ana-1) at 400 ms, and its stamp does not come after the other's: a write between the two would win against both",
        opIds: ['ben-1', 'ana-1'],
        evidence: [history.seq('first'), history.seq('second')],
      },
    ])
  })

  it('leaves a write that had not seen the current version to the policy', () => {
    const stale = note(9000).commit('ben-1', { base: 0, stamp: stamp(300) })
    expect(stale.findings(conflictClock)).toEqual([])
  })

  it('passes a commit found after a crash, whose true time is earlier', () => {
    const found = tinyHistory()
      .create('ana-1', 'n1')
      .at(50_000)
      .commit('ana-1', { base: 0, stamp: stamp(61_000), recovered: true })
    expect(found.findings(conflictClock)).toEqual([])
  })
})
