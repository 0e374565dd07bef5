import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import statusTruth from './status-truth.ts'

const accepted = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')

describe('STATUS-TRUTH', () => {
  it('judges nothing if only clock icons are shown, and needs a client with icons', () => {
    expect(accepted().view('ana', ['ana-1 pending']).check(statusTruth)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(statusTruth.needs(MINIMAL)).toBeDefined()
  })

  it('passes a check icon on a committed write, whichever has the earlier timestamp', () => {
    expect(
      accepted()
        .view('ana', ['ana-1 sent'])
        .commit('ana-1', { recovered: true })
        .check(statusTruth),
    ).toEqual({ judged: 1, findings: [] })
  })

  it('reports a check icon on a write the server never had', () => {
    const history = accepted()
      .view('ana', ['ana-1 sent'])
      .as('lie')
      .view('ana', ['ana-1 sent'])
      .heal()
      .state()
    expect(history.findings(statusTruth)).toEqual([
      {
        message:
          "ana's screen says 'sent' of ana's message 'Hi' (ana-1) at 400 ms; the server never had it",
        opIds: ['ana-1'],
        evidence: [history.seq('lie')],
      },
    ])
  })

  it('reports a failure icon while a request is in flight, and after the ack', () => {
    const under = accepted()
      .request('ana', 'r1', ['ana-1'])
      .as('request')
      .view('ana', ['ana-1 failed'])
      .as('view')
    expect(under.findings(statusTruth)).toEqual([
      {
        message:
          "ana's screen says 'failed' of ana's message 'Hi' (ana-1) at 500 ms although a request with it is still under way",
        opIds: ['ana-1'],
        evidence: [under.seq('request'), under.seq('view')],
      },
    ])
    expect(
      accepted().deliver('ana-1').view('ana', ['ana-1 failed']).findings(statusTruth)[0]?.message,
    ).toContain('had learnt')
  })

  it('passes a failure icon if the response was lost or the sender died', () => {
    const lost = accepted()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1', 'timeout')
      .view('ana', ['ana-1 failed'])
    expect(lost.findings(statusTruth)).toEqual([])
    const died = accepted()
      .request('ana', 'r1', ['ana-1'])
      .crash('ana')
      .start('ana')
      .view('ana', ['ana-1 failed'])
    expect(died.findings(statusTruth)).toEqual([])
  })

  it('reports a check icon before any response, even if the write is committed later', () => {
    const guessed = accepted()
      .view('ana', ['ana-1 sent'])
      .as('guess')
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1')
    expect(guessed.findings(statusTruth)).toMatchObject([
      {
        message: expect.stringContaining('before any answer of the server could tell'),
        evidence: [expect.any(Number), guessed.seq('guess')],
      },
    ])
  })

  it('does not judge a check icon of an app that the server can tell at any time', () => {
    const told = tinyHistory()
      .request('ana', 'r0')
      .add('ana', {
        ...{ type: 'response', requestId: 'r0', outcome: 'response', status: 101, goesOn: true },
      })
      .create('ana-1', 'm1', 'Hi')
      .accept('ana-1')
      .view('ana', ['ana-1 sent'])
      .request('ana', 'r0/1', ['ana-1'], { method: 'MESSAGE', messageOf: 'r0' })
      .response('ana', 'r0/1', 'sent')
    expect(told.findings(statusTruth)).toEqual([])
  })

  it.each([
    ['an error', { status: 503 }, 1],
    ['a page in the place of the response', { status: 200, body: 'html' }, 1],
    ['the response under another status', { status: 202, body: 'kept' }, 0],
    ['an empty success', { status: 200, body: 'empty' }, 0],
  ] as const)('checks a check icon whose app got only %s', (_, sent, findings) => {
    const history = accepted()
      .request('ana', 'r1', ['ana-1'])
      .received('r1')
      .commit('ana-1')
      .responded('r1')
      .add('harness', {
        ...{ type: 'intercepted', requestId: 'r1', act: 'respond', moment: 'after' },
        ...sent,
      } as EventBody)
      .response('ana', 'r1', sent.status)
      .view('ana', ['ana-1 sent'])
    expect(history.findings(statusTruth)).toHaveLength(findings)
  })

  it('passes a check icon after the response to the push, or to a later pull', () => {
    const acked = accepted()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1')
      .view('ana', ['ana-1 sent'])
    const pulled = accepted()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .request('ana', 'r2')
      .response('ana', 'r2')
      .view('ana', ['ana-1 sent'])
    expect(acked.findings(statusTruth)).toEqual([])
    expect(pulled.findings(statusTruth)).toEqual([])
  })

  it('is undecided if the server was not read', () => {
    const judgement = accepted()
      .request('ana', 'r1', ['ana-1'])
      .response('ana', 'r1')
      .view('ana', ['ana-1 sent'])
      .check(statusTruth)
    expect(judgement).toMatchObject({ findings: [], undecided: expect.stringContaining("'Hi'") })
  })

  it('passes a failure icon that tells of a refused deletion, or of a refused later edit', () => {
    const refused = accepted()
      .deliver('ana-1')
      .delete('ana-2', 'm1')
      .accept('ana-2')
      .roundTrip('ana', 'r2', ['ana-2'], { atServer: (h) => h.outcome('ana-2', 'rejected') })
      .ack('ana-2', 'rejected')
      .settled('ana-2', 'rejected')
      .view('ana', ['ana-1 failed'])
    expect(refused.heal().view('ana', ['ana-1 failed']).state().findings(statusTruth)).toEqual([])
    const theirs = tinyHistory()
      .create('ben-1', 'n1', 'theirs')
      .deliver('ben-1')
      .update('ana-1', 'n1', 'mine')
      .accept('ana-1')
      .ack('ana-1', 'rejected')
      .view('ana', ['ben-1 failed'])
    expect(theirs.findings(statusTruth)).toEqual([])
  })

  it('reports a failure icon of a deletion that is known to have been carried out', () => {
    const history = accepted()
      .deliver('ana-1')
      .delete('ana-2', 'm1')
      .accept('ana-2')
      .deliver('ana-2')
      .view('ana', ['ana-1 failed'])
    expect(history.findings(statusTruth)[0]?.message).toContain(
      "says 'failed' of ana's deletion of message m1 (ana-2)",
    )
  })

  it('reports a delivered message shown as failed at the end, once its app had news of it', () => {
    const lostAck = () =>
      accepted().roundTrip('ana', 'r1', ['ana-1'], {
        responseLost: true,
        atServer: (h) => h.commit('ana-1').outcome('ana-1', 'applied', { requestId: 'r1' }),
      })
    const failed = ['ana-1 failed']
    const pulled = lostAck().cursor('ana', 1, ['m1@1']).as('page').view('ana', failed).heal()
    expect(pulled.view('ana', failed).as('end').state().findings(statusTruth)).toEqual([
      {
        message:
          "ana's screen says 'failed' of ana's message 'Hi' (ana-1) at 30.9 s although the server has it, and its app got it back at 10.5 s",
        opIds: ['ana-1'],
        evidence: [pulled.seq('page'), pulled.seq('end')],
      },
    ])
    const told = accepted().roundTrip('ana', 'r1', ['ana-1'], {
      atServer: (h) => h.commit('ana-1').outcome('ana-1', 'applied', { requestId: 'r1' }),
    })
    expect(told.heal().view('ana', failed).state().findings(statusTruth)[0]?.message).toContain(
      'was answered at',
    )
    const noNews = lostAck().heal().view('ana', failed).state()
    expect(noNews.findings(statusTruth)).toEqual([])
    const another = lostAck()
      .update('ben-1', 'm1', 'edit')
      .commit('ben-1')
      .cursor('ana', 2, ['m1@2'])
      .heal()
    expect(another.view('ana', failed).state().findings(statusTruth)).toEqual([])
    const replaced = accepted()
      .roundTrip('ana', 'r1', ['ana-1'], {
        atServer: (h) => h.commit('ana-1').outcome('ana-1', 'applied', { requestId: 'r1' }),
      })
      .add('harness', {
        type: 'intercepted',
        requestId: 'r1',
        act: 'respond',
        moment: 'after',
        status: 200,
      })
    expect(replaced.heal().view('ana', failed).state().findings(statusTruth)).toEqual([])
  })

  it('passes a late view that was asked for before the app learnt of the commit', () => {
    const late = (history: ReturnType<typeof accepted>) => {
      const { view } = tinyHistory()
        .create('ana-1', 'm1', 'Hi')
        .view('ana', ['ana-1 failed'])
        .build()
        .of('view')[0] ?? { view: { rows: [] } }
      return history.add('ana', { type: 'view', view, request: 1 })
    }
    const ask = () => accepted().add('ana', { type: 'viewRequested', request: 1 })
    expect(late(ask().deliver('ana-1')).findings(statusTruth)).toEqual([])
    expect(late(ask().request('ana', 'r1', ['ana-1'])).findings(statusTruth)).toEqual([])
    const known = accepted().deliver('ana-1').add('ana', { type: 'viewRequested', request: 1 })
    expect(late(known).findings(statusTruth)).toHaveLength(1)
  })
})
