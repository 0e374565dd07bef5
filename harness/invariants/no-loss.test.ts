import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import liveness from './liveness.ts'
import noLoss from './no-loss.ts'

/** A message that was saved and is not on the server. */
const unsent = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').as('accepted')

describe('NO-LOSS', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().heal().state().check(noLoss)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a committed write, even if the device died', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .deliver('ana-1')
      .crash('ana')
      .heal()
      .state()
    expect(history.check(noLoss)).toEqual({ judged: 1, findings: [] })
  })

  it('passes a commit that was found in the log after a server crash', () => {
    const history = unsent()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1', { recovered: true })
      .heal()
      .view('ana')
      .state()
    expect(history.findings(noLoss)).toEqual([])
  })

  it('reports a write that was saved, never sent, and is no longer shown', () => {
    const history = unsent().heal().view('ana').as('end').state()
    expect(history.findings(noLoss)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) is lost. ana wrote it at 100 ms and was told it was saved; the app never tried to send it. The server never got it, and it is gone from ana's screen: nobody will ever read it.",
        opIds: ['ana-1'],
        evidence: [history.seq('accepted'), history.seq('end')],
      },
    ])
  })

  it('leaves to LIVENESS what no screen shows and a restart sends in the probe', () => {
    const history = unsent()
      .heal()
      .view('ana')
      .state()
      .phase('probe')
      .crash('ana')
      .start('ana')
      .commit('ana-1')
      .phase('end')
    expect(history.findings(noLoss)).toEqual([])
    expect(history.findings(liveness)).toHaveLength(1)
  })

  it('reports what a client without a store lost in a tunnel: refused request, then a kill', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .at(12_000)
      .create('ana-1', 'm1', 'In the tunnel now')
      .saved('ana-1', false)
      .as('saved')
      .request('ana', 'r1', ['ana-1'], { about: undefined })
      .response('ana', 'r1', 'refused')
      .as('refused')
      .crash('ana')
      .as('killed')
      .start('ana')
      .heal()
      .view('ana')
      .as('end')
      .state()
    const [finding] = history.findings(noLoss)
    expect(finding?.message).toBe(
      "ana's message 'In the tunnel now' (ana-1) is lost. ana wrote it at 12 s and saw it leave the input field; the app tried once (no connection, at 12.3 s). The app was killed at 12.4 s. The server never got it, and it is gone from ana's screen: nobody will ever read it.",
    )
    expect(finding?.evidence).toEqual(
      ['saved', 'refused', 'killed', 'end'].map((name) => history.seq(name)),
    )
  })

  it('reports a write that the client dropped without any report', () => {
    expect(
      tinyHistory().create('ana-1', 'm1').heal().view('ana').state().findings(noLoss),
    ).toHaveLength(1)
  })

  it('reports a write falsely shown as sent, and a failed write without its text', () => {
    const shown = unsent().heal().view('ana', ['ana-1 sent']).state()
    expect(shown.findings(noLoss)[0]?.message).toContain("ana's screen says it was sent")
    const failed = unsent().settled('ana-1', 'rejected').heal().view('ana').state()
    expect(failed.findings(noLoss)[0]?.message).toContain(
      'was told it failed, but the text is gone',
    )
  })

  it('leaves waiting writes to LIVENESS', () => {
    expect(unsent().heal().view('ana', ['ana-1 pending']).state().findings(noLoss)).toEqual([])
    expect(
      tinyHistory({ capabilities: MINIMAL })
        .create('ana-1', 'm1')
        .saved('ana-1')
        .heal()
        .view('ana', ['ana-1'])
        .state()
        .findings(noLoss),
    ).toEqual([])
  })

  it('passes a visible failure, a recorded conflict, a refusal and a cancellation', () => {
    expect(
      unsent()
        .outcome('ana-1', 'rejected')
        .heal()
        .view('ana', ['ana-1 failed'])
        .state()
        .findings(noLoss),
    ).toEqual([])
    expect(
      unsent()
        .outcome('ana-1', 'conflict')
        .heal()
        .view('ana')
        .state(undefined, ['ana-1'])
        .findings(noLoss),
    ).toEqual([])
    expect(
      unsent()
        .heal()
        .view('ana', [], { conflicts: ['ana-1'] })
        .state()
        .findings(noLoss),
    ).toEqual([])
    expect(unsent().cancel('ana-2', 'ana-1').heal().view('ana').state().check(noLoss)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(
      tinyHistory().create('ana-1', 'm1').refused('ana-1').heal().view('ana').state().check(noLoss),
    ).toEqual({ judged: 0, findings: [] })
  })

  it('skips a write that a kill interrupted before it was accepted', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .crash('ana')
      .start('ana')
      .heal()
      .view('ana')
      .state()
    expect(history.check(noLoss)).toEqual({ judged: 0, findings: [] })
  })

  it('passes an earlier write if a later write of the device to the record was committed', () => {
    const history = unsent()
      .update('ana-2', 'm1', 'Hi!')
      .accept('ana-2')
      .commit('ana-2')
      .heal()
      .view('ana', ['ana-2 sent'])
      .state()
    expect(history.findings(noLoss)).toEqual([])
  })

  it('reports a forgotten deletion, but not a deletion of a missing record', () => {
    const deletion = tinyHistory()
      .create('ben-1', 'm1')
      .deliver('ben-1')
      .delete('ana-1', 'm1')
      .accept('ana-1')
    expect(
      deletion.heal().view('ana', ['ben-1 sent']).state().findings(noLoss)[0]?.message,
    ).toContain('as if nobody had deleted it')
    const moot = tinyHistory().delete('ana-1', 'm1').accept('ana-1').heal().view('ana').state()
    expect(moot.findings(noLoss)).toEqual([])
  })

  it('is undecided if the device or the server was not read', () => {
    const dead = unsent().crash('ana').heal().state().check(noLoss)
    expect(dead).toMatchObject({
      findings: [],
      undecided: expect.stringContaining("ana's message 'Hi'"),
    })
    const unread = unsent().request('ana', 'r1', ['ana-1']).heal().view('ana').check(noLoss)
    expect(unread).toMatchObject({ findings: [], undecided: expect.any(String) })
  })

  it('reports a text that lost a conflict and that nobody has any more', () => {
    const lost = () => unsent().outcome('ana-1', 'conflict', { rule: 'server wins' }).as('lost')
    const history = lost().heal().view('ana').as('end').state(undefined, [])
    expect(history.findings(noLoss)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) is lost. ana wrote it at 100 ms and was told it was saved; the app never tried to send it. Another write won (server wins); its text is neither in the server's conflict records nor on ana's screen: nobody will ever read it.",
        opIds: ['ana-1'],
        evidence: [history.seq('accepted'), history.seq('lost'), history.seq('end')],
      },
    ])
    const promised = lost().heal().view('ana').state()
    expect(promised.findings(noLoss)).toHaveLength(1)
  })

  it('passes a text that lost a conflict if it is shown, recorded, or if nobody shows such', () => {
    const lost = (history = unsent()) => history.outcome('ana-1', 'conflict')
    const shown = lost()
      .heal()
      .view('ana', [], { conflicts: ['ana-1'] })
    expect(shown.state(undefined, []).findings(noLoss)).toEqual([])
    const asRow = lost().heal().view('ana', ['ana-1 failed']).state(undefined, [])
    expect(asRow.findings(noLoss)).toEqual([])
    const mute = tinyHistory({ capabilities: MINIMAL }).create('ana-1', 'm1').saved('ana-1')
    expect(lost(mute).heal().view('ana').state().check(noLoss)).toEqual({ judged: 1, findings: [] })
    expect(lost().heal().view('ana').check(noLoss)).toMatchObject({
      findings: [],
      undecided: expect.any(String),
    })
  })

  it('reports a write that the server lost again, unless it was sent or shown again', () => {
    const restored = () => unsent().deliver('ana-1').as('ack')
    const empty = { type: 'serverState' as const, epoch: 'e2', position: 0, rows: [] }
    const history = restored().heal().view('ana', ['ana-1 sent']).add('server', empty)
    expect(history.findings(noLoss)[0]?.message).toContain(
      "The server had it at 600 ms and lost it again, and ana's screen says it was sent",
    )
    const shown = restored().heal().view('ana', ['ana-1 pending']).add('server', empty)
    expect(shown.findings(noLoss)).toEqual([])
    const again = restored().commit('ana-1', { epoch: 'e2', position: 1, version: 1, head: 0 })
    const state = { ...empty, position: 1, rows: [] }
    expect(again.heal().view('ana').add('server', state).findings(noLoss)).toEqual([])
  })

  it('says only what the history shows of how far a write came', () => {
    const text = (history: HistoryBuilder) =>
      history.heal().view('ana').state().findings(noLoss)[0]?.message
    const received = unsent().request('ana', 'r1', ['ana-1']).received('r1')
    expect(text(received)).toContain('The server received it at 500 ms and does not have it')
    const rejected = unsent().request('ana', 'r1', ['ana-1']).outcome('ana-1', 'rejected')
    expect(text(rejected)).toContain('The server rejected it, and')
    const unseen = unsent().request('ana', 'r1', ['ana-1'])
    expect(text(unseen)).toContain('The server does not have it')
    const opaque = tinyHistory()
      .create('ben-1', 'm1')
      .commit('ben-1')
      .delete('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'], { about: undefined })
    expect(text(opaque.view('ana', ['ben-1 sent']))).not.toContain('never tried')
  })
})
