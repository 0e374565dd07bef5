import { describe, expect, it } from 'vitest'
import noFalseAck from './no-false-ack.ts'
import { tiny } from './testing/tiny.ts'

const taken = () => tiny().invoke('ana-1', 'm1', 'Hi').taken('ana-1')

describe('NO-FALSE-ACK', () => {
  it('has nothing to judge without an ack', () => {
    expect(taken().rest().state().check(noFalseAck)).toEqual({ judged: 0, findings: [] })
  })

  it('is content with an ack of a commit, early or late by the stamps, or found after a crash', () => {
    expect(taken().sent('ana-1').check(noFalseAck)).toEqual({ judged: 1, findings: [] })
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
      .rest()
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
      tiny().invoke('ana-1', 'm1').settled('ana-1', 'acked').rest().state().findings(noFalseAck),
    ).toHaveLength(1)
  })

  it('does not call a conflict or a rejection an ack', () => {
    expect(taken().ack('ana-1', 'rejected').rest().state().check(noFalseAck)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('cannot tell when the server was never read and may have done it unreported', () => {
    const judgement = taken().request('ana', 'r1', ['ana-1']).ack('ana-1').rest().check(noFalseAck)
    expect([judgement.findings, judgement.undecided]).toEqual([[], expect.stringContaining("'Hi'")])
  })
})
