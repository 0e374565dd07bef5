import { describe, expect, it } from 'vitest'
import { BARE } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import statusTruth from './status-truth.ts'

const taken = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')

describe('STATUS-TRUTH', () => {
  it('has nothing to judge where no icon but the clock is shown, and needs icons', () => {
    expect(taken().view('ana', ['ana-1 pending']).check(statusTruth)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(statusTruth.needs(BARE)).toBeDefined()
  })

  it('is content with a check icon on what was committed, whichever stamp is earlier', () => {
    expect(
      taken().view('ana', ['ana-1 sent']).commit('ana-1', { recovered: true }).check(statusTruth),
    ).toEqual({ judged: 1, findings: [] })
  })

  it('finds a check icon on what the server never had', () => {
    const history = taken()
      .view('ana', ['ana-1 sent'])
      .as('lie')
      .view('ana', ['ana-1 sent'])
      .heal()
      .state()
    expect(history.findings(statusTruth)).toEqual([
      {
        message:
          "ana's screen says 'sent' of ana's message 'Hi' (ana-1) at 400 ms; the server never had it",
        ops: ['ana-1'],
        evidence: [history.seq('lie')],
      },
    ])
  })

  it('finds a failure icon while a request is under way, and after the ack', () => {
    const under = taken()
      .request('ana', 'r1', ['ana-1'])
      .as('request')
      .view('ana', ['ana-1 failed'])
      .as('view')
    expect(under.findings(statusTruth)).toEqual([
      {
        message:
          "ana's screen says 'failed' of ana's message 'Hi' (ana-1) at 500 ms although a request with it is still under way",
        ops: ['ana-1'],
        evidence: [under.seq('request'), under.seq('view')],
      },
    ])
    expect(
      taken().deliver('ana-1').view('ana', ['ana-1 failed']).findings(statusTruth)[0]?.message,
    ).toContain('had learnt')
  })

  it('is content with a failure icon where the answer was lost, or the asking process died', () => {
    const lost = taken()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1', 'timeout')
      .view('ana', ['ana-1 failed'])
    expect(lost.findings(statusTruth)).toEqual([])
    const died = taken()
      .request('ana', 'r1', ['ana-1'])
      .crash('ana')
      .start('ana')
      .view('ana', ['ana-1 failed'])
    expect(died.findings(statusTruth)).toEqual([])
  })

  it('finds a check icon that came before any answer, also when it comes true', () => {
    const guessed = taken()
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

  it('is content with a check icon after the ack, or after a pull that may have brought the row first', () => {
    const acked = taken()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1')
      .view('ana', ['ana-1 sent'])
    const pulled = taken()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .request('ana', 'r2')
      .response('ana', 'r2')
      .view('ana', ['ana-1 sent'])
    expect([acked.findings(statusTruth), pulled.findings(statusTruth)]).toEqual([[], []])
  })

  it('cannot tell when the server was never read', () => {
    const judgement = taken()
      .request('ana', 'r1', ['ana-1'])
      .response('ana', 'r1')
      .view('ana', ['ana-1 sent'])
      .check(statusTruth)
    expect([judgement.findings, judgement.undecided]).toEqual([[], expect.stringContaining("'Hi'")])
  })
})
