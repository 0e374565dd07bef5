import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { History } from '../../core/history.ts'
import type { Invariant } from '../../core/invariant.ts'
import { FULL, MINIMAL } from '../../testing/capabilities.ts'
import { tinyHistory } from '../../testing/history-builder.ts'
import { anyHistory } from './any-history.ts'

/** The contract of all invariants. `file` is the name of the invariant's file without `.ts`. */
export function invariantContract(invariant: Invariant, file: string): void {
  describe(`the contract of an invariant, by ${file}`, () => {
    it('has the name of its file, a promise in one sentence, and reasons in needs()', () => {
      expect(invariant.id.toLowerCase()).toBe(file)
      expect(invariant.promise).toMatch(/^[A-Z][^\n]+\.$/)
      expect(invariant.needs(FULL)).toBeUndefined()
      expect(invariant.needs(MINIMAL) ?? 'says why').toMatch(/\w/)
    })

    it('judges nothing in an empty history', () => {
      for (const history of [tinyHistory(), tinyHistory().heal().view('ana').view('ben').state()]) {
        expect(history.check(invariant)).toEqual({ judged: 0, findings: [] })
      }
    })

    it('is pure, never throws, and proves each finding by events of the history', () => {
      fc.assert(
        fc.property(anyHistory, (history) => {
          const before = history.toJsonl()
          const frozen = new History(freeze(history.head), history.all.map(freeze))
          const judgement = invariant.check(frozen)
          expect(invariant.check(history)).toEqual(judgement)
          expect(invariant.check(frozen)).toEqual(judgement)
          expect(history.toJsonl()).toBe(before)
          const seqs = new Set(history.all.map(({ seq }) => seq))
          if (judgement.judged === 0) expect(judgement.findings).toEqual([])
          for (const { message, opIds, evidence } of judgement.findings) {
            expect(message).toMatch(/^[^\n]+$/)
            expect(message).not.toMatch(/undefined|NaN|\[object/)
            expect(new Set(opIds).size).toBe(opIds.length)
            expect(evidence.length).toBeGreaterThan(0)
            expect(evidence.every((seq) => seqs.has(seq))).toBe(true)
            expect(evidence).toEqual([...new Set(evidence)].sort((a, b) => a - b))
          }
        }),
        { numRuns: 200 },
      )
    })
  })
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) freeze(member)
  }
  return value
}
