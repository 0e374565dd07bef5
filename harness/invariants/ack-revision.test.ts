import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import ackRevision from './ack-revision.ts'

/** An edit is made while the creation is in flight, then the creation's response is applied. */
const edited = (extra = {}) =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .localCommit('ana-1')
    .request('ana', 'r1', ['ana-1'])
    .update('ana-2', 'm1', 'Hi!')
    .localCommit('ana-2', extra)
    .as('edit')
    .commit('ana-1')
    .outcome('ana-1', 'applied', { requestId: 'r1' })
    .response('ana', 'r1')
    .ack('ana-1')
    .as('ack')

describe('ACK-REVISION', () => {
  it('judges nothing without an ack, and needs a client that reports acks', () => {
    expect(tinyHistory().create('ana-1', 'm1').accept('ana-1').check(ackRevision)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(ackRevision.needs(MINIMAL)).toBeDefined()
  })

  it('passes if the newer edit still waits or was acknowledged itself', () => {
    expect(edited().view('ana', ['ana-2 pending']).check(ackRevision)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(edited().ack('ana-2').view('ana', ['ana-2 sent']).check(ackRevision)).toEqual({
      judged: 2,
      findings: [],
    })
  })

  it('reports an edit that the ack of an older revision removed from the outbox', () => {
    const history = edited().view('ana', ['ana-2 sent']).as('view')
    expect(history.findings(ackRevision)).toEqual([
      {
        message:
          "the answer to ana's message 'Hi' (ana-1), revision 1, applied at 900 ms, took ana's edit of message m1 'Hi!' (ana-2) (revision 2) for done as well",
        opIds: ['ana-1', 'ana-2'],
        evidence: ['edit', 'ack', 'view'].map((name) => history.seq(name)),
      },
    ])
  })

  it('reports a cleared outbox entry that both revisions share, without a screen', () => {
    const history = edited({ key: 'k-ana-1' })
    expect(history.findings(ackRevision).map(({ evidence }) => evidence)).toEqual([
      [history.seq('edit'), history.seq('ack')],
    ])
    const kept = edited({ key: 'k-ana-1' }).build()
    expect(kept.operations[1]?.acks).toEqual([])
  })

  it('passes if a crash or a cancellation removed the newer edit, not the ack', () => {
    expect(edited().crash('ana').start('ana').view('ana').check(ackRevision)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(
      edited().cancel('ana-3', 'ana-2').view('ana', ['ana-1 sent']).findings(ackRevision),
    ).toEqual([])
  })

  it('is undecided without a screen after the ack', () => {
    expect(edited().check(ackRevision).undecided).toContain('no screen was seen')
  })
})
