import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import noPhantomDelete from './no-phantom-delete.ts'

const sent = () =>
  tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').deliver('ana-1').as('ack')
const seen = () => sent().view('ben', ['ana-1 sent']).as('shown')
const none = (history: ReturnType<typeof tinyHistory>) =>
  expect(history.findings(noPhantomDelete)).toEqual([])

describe('NO-PHANTOM-DELETE', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().check(noPhantomDelete)).toEqual({ judged: 0, findings: [] })
  })

  it('passes rows that stay, and a deletion that a person made', () => {
    const history = seen()
      .view('ben', ['ana-1 sent'])
      .delete('ben-1', 'm1')
      .accept('ben-1')
      .view('ben', [], { outbox: ['ben-1'] })
      .deliver('ben-1')
      .view('ana', ['ana-1 sent'])
      .cursor('ana', 2, ['-m1@2'])
      .view('ana')
    expect(history.check(noPhantomDelete)).toEqual({ judged: 2, findings: [] })
  })

  it('reports a row that leaves a screen while the server has the record', () => {
    const history = sent()
      .commit('ana-1', { position: 1 })
      .as('commit again')
      .view('ben', ['ana-1 sent'])
      .as('shown')
      .view('ben')
      .as('gone')
    const [finding] = history.findings(noPhantomDelete)
    expect(finding?.message).toBe(
      "ana's message 'Hi' (ana-1) left ben's screen at 1.2 s, though nobody deleted it and the server has it",
    )
    expect(finding?.opIds).toEqual(['ana-1'])
    expect(finding?.evidence.slice(1)).toEqual([history.seq('shown'), history.seq('gone')])
  })

  it('accepts what a tombstone, a complete resync or a restart took from the screen', () => {
    none(seen().cursor('ben', 2, ['-m1@2']).view('ben'))
    none(seen().cursor('ben', 0, [], { full: true }).view('ben'))
    none(seen().crash('ben').start('ben').view('ben'))
    const partly = seen().cursor('ben', 0, [], { full: true, complete: false }).view('ben')
    expect(partly.findings(noPhantomDelete)).toHaveLength(1)
  })

  it('accepts that a late view shows an older screen', () => {
    none(
      sent()
        .add('ben', { type: 'viewRequested', request: 1 })
        .view('ben', ['ana-1 sent'])
        .add('ben', { type: 'view', view: { rows: [] }, request: 1 })
        .view('ben', ['ana-1 sent']),
    )
  })

  it('leaves own writes without the server’s word to other invariants', () => {
    const early = tinyHistory().create('ana-1', 'm1').accept('ana-1').commit('ana-1')
    none(early.view('ana', ['ana-1 pending']).view('ana'))
    const edited = seen().update('ben-1', 'm1').accept('ben-1').ack('ben-1', 'rejected')
    none(edited.view('ben', ['ben-1 failed']).view('ben'))
    const confirmed = sent().view('ana', ['ana-1 sent']).view('ana')
    expect(confirmed.findings(noPhantomDelete)).toHaveLength(1)
  })

  it('judges no row of a record that somebody deleted or a restored server may have lost', () => {
    none(seen().delete('ana-2', 'm1').accept('ana-2').view('ben'))
    none(seen().cursor('ben', 1, [], { epoch: 'e2' }).view('ben'))
  })

  it('reports a deletion on the server that nobody asked for', () => {
    const gone = (author: string) =>
      seen().add('server', {
        type: 'serverCommit',
        position: 2,
        epoch: 'e1',
        write: 'delete',
        collection: 'messages',
        record: 'm1',
        version: 2,
        head: 1,
        author,
      })
    const history = gone('ben').as('deleted')
    expect(history.findings(noPhantomDelete)).toEqual([
      {
        message:
          'message m1 was deleted on the server under the name of ben at 1.1 s, though nobody deleted it',
        opIds: [],
        evidence: [history.seq('deleted')],
      },
    ])
    none(gone('retention'))
    none(sent().cancel('ana-2', 'ana-1').commit('ana-1', { write: 'delete', opId: undefined }))
  })

  it('reports a commit under a person’s name that none of their actions made', () => {
    const ghost = (author = 'ana', inRequest = true) => {
      const history = sent()
      if (inRequest) history.request('ana', 'r1').received('r1')
      return history
        .add('server', {
          type: 'serverCommit',
          key: 'draft',
          position: 2,
          epoch: 'e1',
          write: 'create',
          collection: 'messages',
          record: 'draft',
          version: 1,
          head: 0,
          author,
        })
        .as('ghost')
    }
    const history = ghost()
    expect(history.findings(noPhantomDelete)).toEqual([
      {
        message:
          'message draft appeared on the server under the name of ana at 1.2 s, though nobody wrote it',
        opIds: [],
        evidence: [history.seq('ghost')],
      },
    ])
    none(ghost('ana', false))
    none(ghost('welcome-bot'))
    none(ghost().create('ana-2', 'm2').accept('ana-2'))
  })
})
