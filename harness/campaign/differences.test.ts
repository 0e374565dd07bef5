import { describe, expect, it } from 'vitest'
import { disagreement, unexpected, verdictText } from './differences.ts'
import { resultOf } from './testing/results.ts'

const pass = resultOf('pass')
const unknown = resultOf('unknown')
const fail = (...ids: string[]) => resultOf('fail', ids)

describe('the difference from what is expected', () => {
  it('is none for the same verdict, whatever the order of its invariants', () => {
    expect(unexpected('sim', 'pass', 'pass')).toBeUndefined()
    expect(unexpected('sim', ['NO-LOSS', 'FIFO'], ['FIFO', 'NO-LOSS'])).toBeUndefined()
  })

  it.each([
    ['pass' as const, ['FIFO'], 'expected: FIFO fails; the sim found: pass'],
    [['FIFO'], 'pass' as const, 'expected: pass; the sim found: FIFO fails'],
    [
      ['FIFO', 'NO-LOSS'],
      ['NO-LOSS'],
      'expected: NO-LOSS fails; the sim found: FIFO and NO-LOSS fail',
    ],
    ['unknown' as const, undefined, 'nothing is expected, the sim found: unknown'],
  ])('of %j from %j is named', (found, expected, text) => {
    expect(unexpected('sim', found, expected)).toBe(text)
  })
})

describe('the worlds', () => {
  it.each([
    ['both pass', [pass, pass], pass],
    ['both fail alike', [fail('FIFO', 'ONE-ROW')], fail('ONE-ROW', 'FIFO')],
    ['neither can tell', [unknown], unknown],
    ['the wire does what one seed did', [pass, fail('FIFO')], fail('FIFO')],
    ['the wire passes as one seed did', [fail('FIFO'), pass], pass],
    ['the wire breaks a part of what some seeds broke', [fail('A', 'B'), fail('A')], fail('A')],
  ])('agree if %s', (_, sim, wire) => {
    expect(disagreement(sim, wire)).toBeUndefined()
  })

  it.each([
    ['passes', [fail('FIFO')], pass, 'the sim found: FIFO fails; the wire found: pass'],
    ['fails', [pass], fail('FIFO'), 'the sim found: pass; the wire found: FIFO fails'],
    ['cannot tell', [pass], unknown, 'found: pass; the wire found: unknown (nobody looked)'],
    ['breaks more', [fail('A')], fail('A', 'B'), 'found: A fails; the wire found: A and B fail'],
    [
      'keeps what every seed broke',
      [fail('A', 'B'), fail('A')],
      fail('B'),
      'the sim found: A and B fail, or A fails; the wire found: B fails',
    ],
  ])('do not agree if the wire %s', (_, sim, wire, text) => {
    expect(disagreement(sim, wire)).toContain(text)
    expect(disagreement(sim, wire)).toMatch(/^the worlds do not agree: /)
  })
})

it('a verdict is named in words', () => {
  expect(verdictText(['A', 'B', 'C'])).toBe('A, B and C fail')
  expect(verdictText('skipped')).toBe('skipped')
})
