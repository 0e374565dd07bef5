import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import noFalseAck from './no-false-ack.ts'

const taken = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')

describe('NO-FALSE-ACK', () => {
  it('has nothing to judge without an ack', () => {
    expect(taken().heal().state().check(noFalseAck)).toEqual({ judged: 0, findings: [] })
  })

  it('is content with an ack of a commit, early or late by the stamps, or found after a crash', () => {
    expect(taken().deliver('ana-1').check(noFalseAck)).toEqual({ judged: 1, findings: [] })
    expect(taken().ack('ana-1').commit('ana-1').check(noFalseAck)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(taken().ack('ana-1').commit('ana-1', { recovered: true }).check(noFalseAck)).toEqual({
      judged: 1,
      findings: [],
    })
  })

  it('finds an ack of what the server never did: an answer that was none', () => {
    const history = taken()
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
        ops: ['ana-1'],
        evidence: [history.seq('portal'), history.seq('ack')],
      },
    ])
  })

  it('holds a client without acks to what it told the person', () => {
    expect(
      tinyHistory()
        .create('ana-1', 'm1')
        .settled('ana-1', 'acked')
        .heal()
        .state()
        .findings(noFalseAck),
    ).toHaveLength(1)
  })

  it('does not call a conflict or a rejection an ack', () => {
    expect(taken().ack('ana-1', 'rejected').heal().state().check(noFalseAck)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('cannot tell when the server was never read and may have done it unreported', () => {
    const judgement = taken().request('ana', 'r1', ['ana-1']).ack('ana-1').heal().check(noFalseAck)
    expect([judgement.findings, judgement.undecided]).toEqual([[], expect.stringContaining("'Hi'")])
  })
})
