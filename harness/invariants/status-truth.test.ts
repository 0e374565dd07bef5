import { describe, expect, it } from 'vitest'
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
})
