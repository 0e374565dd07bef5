import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOwed } from '../core/operation.ts'
import { stuckWrites } from '../invariants/reading/stuck.ts'
import { anyHistory } from '../invariants/testing/any-history.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import { isPlainlyDone } from './plainly-done.ts'

const sent = () => tinyHistory().create('ana-1', 'm1').accept('ana-1').deliver('ana-1').view('ben')

describe('a history in which all is plainly done', () => {
  it('has everything committed, and no screen shows anything waiting or failed', () => {
    expect(isPlainlyDone(sent().view('ana', ['ana-1 sent']).build())).toBe(true)
  })

  it('shows nothing waiting or failed, and shows something at all', () => {
    expect(isPlainlyDone(sent().view('ana', ['ana-1 pending']).build())).toBe(false)
    expect(isPlainlyDone(sent().view('ana', ['ana-1 failed']).build())).toBe(false)
    const withOutbox = sent().view('ana', ['ana-1 sent'], { outbox: ['ana-1 pending'] })
    expect(isPlainlyDone(withOutbox.build())).toBe(false)
    expect(isPlainlyDone(sent().build())).toBe(false)
  })

  it('has no second epoch, and no action without a commit of its own', () => {
    const restored = sent().commit('ana-1', { epoch: 'e2' }).view('ana', ['ana-1 sent'])
    expect(isPlainlyDone(restored.build())).toBe(false)
    const another = sent().create('ana-2', 'm2').accept('ana-2').view('ana', ['ana-1 sent'])
    expect(isPlainlyDone(another.build())).toBe(false)
    expect(isPlainlyDone(another.refused('ana-2').build())).toBe(true)
  })

  it('never has an operation that is stuck', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        if (!isPlainlyDone(history)) return
        expect(stuckWrites(history)).toEqual([])
        const undecided = history.operations.filter(
          (operation) =>
            isOwed(operation) && operation.commitsKnown && operation.commits.length === 0,
        )
        expect(undecided).toEqual([])
      }),
    )
  })
})
