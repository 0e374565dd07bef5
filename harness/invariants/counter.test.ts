import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import counter from './counter.ts'

const two = (setting = {}) =>
  tinyHistory(setting).create('ana-1', 'm1').accept('ana-1').create('ana-2', 'm2').accept('ana-2')
const waiting = ['ana-1 pending', 'ana-2 pending']

describe('COUNTER', () => {
  it('judges nothing in an empty history, nor screens without a badge', () => {
    expect(tinyHistory().check(counter)).toEqual({ judged: 0, findings: [] })
    expect(two().view('ana', waiting).check(counter)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a badge with the right count', () => {
    const history = two()
      .view('ana', waiting, { pending: 2, failed: 0 })
      .view('ana', ['ana-1 sent', 'ana-2 failed'], { pending: 0, failed: 1 })
    expect(history.check(counter)).toEqual({ judged: 4, findings: [] })
  })

  it('reports the first screen with a wrong badge, once for pending and once for failed', () => {
    const history = two()
      .view('ana', waiting, { pending: 3 })
      .as('too many')
      .view('ana', ['ana-1 failed', 'ana-2 sent'], { pending: 1, failed: 0 })
      .as('too few')
    expect(history.findings(counter)).toEqual([
      {
        message: "ana's badge counts 3 pending at 700 ms; on the same screen 2 would be right",
        opIds: [],
        evidence: [history.seq('too many')],
      },
      {
        message: "ana's badge counts 0 failed at 800 ms; on the same screen 1 would be right",
        opIds: [],
        evidence: [history.seq('too few')],
      },
    ])
  })

  it('accepts every right way to count', () => {
    const row = tinyHistory()
      .create('ana-1', 'n1')
      .accept('ana-1')
      .update('ana-2', 'n1')
      .accept('ana-2')
    const byRecord = (pending: number) =>
      row.view('ana', ['ana-2 pending'], { outbox: ['ana-2'], pending }).findings(counter)
    expect([byRecord(1), byRecord(2)], 'an entry per record').toEqual([[], []])
    const deletion = (pending: number) =>
      tinyHistory()
        .delete('ana-1', 'm1')
        .accept('ana-1')
        .view('ana', [], { outbox: ['ana-1'], pending })
        .findings(counter)
    expect([deletion(0), deletion(1)], 'a deletion').toEqual([[], []])
    expect(deletion(2)).toHaveLength(1)
    const conflict = (failed: number) =>
      two()
        .view('ana', [], { outbox: [], conflicts: ['ana-1'], failed })
        .findings(counter)
    expect([conflict(0), conflict(1)], 'a lost edit').toEqual([[], []])
    expect(conflict(2)).toHaveLength(1)
  })

  it('without an outbox accuses only a badge below the number of waiting rows', () => {
    const badge = (pending: number) =>
      two({ capabilities: { outbox: false } })
        .view('ana', waiting, { pending })
        .findings(counter)
    expect([badge(2), badge(5)]).toEqual([[], []])
    expect(badge(1)[0]?.message).toBe(
      "ana's badge counts 1 pending at 700 ms; on the same screen at least 2 would be right",
    )
  })
})
