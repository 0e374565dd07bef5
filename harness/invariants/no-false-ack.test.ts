import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import noFalseAck from './no-false-ack.ts'

const accepted = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')

describe('NO-FALSE-ACK', () => {
  it('judges nothing without an ack', () => {
    expect(accepted().heal().state().check(noFalseAck)).toEqual({ judged: 0, findings: [] })
  })

  it('passes an ack before or after its commit, or of a commit found after a crash', () => {
    expect(accepted().deliver('ana-1').check(noFalseAck)).toEqual({ judged: 1, findings: [] })
    expect(accepted().ack('ana-1').commit('ana-1').check(noFalseAck)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(accepted().ack('ana-1').commit('ana-1', { recovered: true }).check(noFalseAck)).toEqual({
      judged: 1,
      findings: [],
    })
  })

  it('reports an ack of a write the server never made (response of a captive portal)', () => {
    const history = accepted()
      .request('ana', 'r1', ['ana-1'])
      .response('ana', 'r1', 200)
      .as('portal')
      .ack('ana-1')
      .as('ack')
      .heal()
      .view('ana')
      .state()
    expect(history.findings(noFalseAck)).toEqual([
      {
        message:
          "ana's app took ana's message 'Hi' (ana-1) for done at 600 ms, after an answer 200; the server never carried it out",
        opIds: ['ana-1'],
        evidence: [history.seq('portal'), history.seq('ack')],
      },
    ])
  })

  it('judges a client without acks by what it reported to the user', () => {
    expect(
      tinyHistory()
        .create('ana-1', 'm1')
        .settled('ana-1', 'acked')
        .heal()
        .state()
        .findings(noFalseAck),
    ).toHaveLength(1)
  })

  it('does not count a rejection as an ack', () => {
    expect(accepted().ack('ana-1', 'rejected').heal().state().check(noFalseAck)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('is undecided if the server was not read and may have committed without a report', () => {
    const judgement = accepted()
      .request('ana', 'r1', ['ana-1'])
      .ack('ana-1')
      .heal()
      .check(noFalseAck)
    expect(judgement).toMatchObject({ findings: [], undecided: expect.stringContaining("'Hi'") })
  })
})
