import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import fifo from './fifo.ts'

const two = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'first')
    .accept('ana-1')
    .as('saved 1')
    .create('ana-2', 'm2', 'second')
    .accept('ana-2')

describe('FIFO', () => {
  it('judges nothing before a message has arrived, and needs a client that promises order', () => {
    expect(two().check(fifo)).toEqual({ judged: 0, findings: [] })
    expect(fifo.needs(MINIMAL)).toBeDefined()
  })

  it('passes the order of sending, also with a gap where a message never arrived', () => {
    expect(two().commit('ana-1').commit('ana-2').check(fifo)).toEqual({ judged: 2, findings: [] })
    expect(two().outcome('ana-1', 'rejected').commit('ana-2').check(fifo)).toEqual({
      judged: 1,
      findings: [],
    })
  })

  it('reports a message that overtook an earlier one', () => {
    const history = two().commit('ana-2').as('commit 2').commit('ana-1').as('commit 1')
    const [finding] = history.findings(fifo)
    expect(finding?.message).toBe(
      "ana's message 'second' (ana-2) was sent after ana's message 'first' (ana-1) and arrived before it",
    )
    expect(finding?.evidence.slice(2)).toEqual([history.seq('commit 2'), history.seq('commit 1')])
  })

  it('orders by the first arrival: a duplicate does not break the order', () => {
    expect(two().commit('ana-1').commit('ana-2').commit('ana-1').findings(fifo)).toEqual([])
  })

  it('orders by commit position, not by the time at which a commit was found', () => {
    const history = two()
      .commit('ana-2', { position: 2 })
      .commit('ana-1', { position: 1, recovered: true })
    expect(history.findings(fifo)).toEqual([])
  })

  it('does not order messages of two conversations', () => {
    const message = (opId: string, record: string, conversation: string) =>
      ({
        type: 'create',
        opId,
        collection: 'messages',
        record,
        content: { conversation, text: opId },
      }) as const
    const history = tinyHistory()
      .invoke(message('ana-1', 'm1', 'work'))
      .invoke(message('ana-2', 'm2', 'home'))
      .commit('ana-2')
      .commit('ana-1')
    expect(history.check(fifo)).toEqual({ judged: 2, findings: [] })
  })

  it('does not order messages of two devices, nor notes', () => {
    expect(
      tinyHistory()
        .create('ana-1', 'm1')
        .create('ben-1', 'm2')
        .commit('ben-1')
        .commit('ana-1')
        .findings(fifo),
    ).toEqual([])
    const notes = tinyHistory().create('ana-1', 'n1', 'a').create('ana-2', 'n2', 'b')
    expect(notes.commit('ana-2').commit('ana-1').check(fifo).judged).toBe(0)
  })
})
