import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import type { SentBody } from '../core/interception.ts'
import { MINIMAL } from '../testing/capabilities.ts'
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

  describe('of a write that the server carried out, and whose response was replaced', () => {
    const replaced = (body: SentBody | undefined, status = 200) =>
      accepted()
        .request('ana', 'r1', ['ana-1'])
        .received('r1')
        .commit('ana-1')
        .responded('r1')
        .add('harness', {
          ...{ type: 'intercepted', requestId: 'r1', act: 'respond', moment: 'after', status },
          ...(body && { body }),
        } as EventBody)
        .as('replacement')
        .response('ana', 'r1', status)
        .as('response')

    it('reports an ack after a page, before any answer of the server', () => {
      const history = replaced('html').ack('ana-1').as('ack')
      expect(history.deliver('ana-1').findings(noFalseAck)).toEqual([
        {
          message: expect.stringMatching(
            /after an answer 200 that was not the server's, before any answer of the server/,
          ),
          opIds: ['ana-1'],
          evidence: [0, ...['replacement', 'response', 'ack'].map((name) => history.seq(name))],
        },
      ])
    })

    it('passes an ack after a page and a response of the server', () => {
      const history = replaced('html').request('ana', 'r2').received('r2').responded('r2')
      expect(history.response('ana', 'r2').ack('ana-1').findings(noFalseAck)).toEqual([])
    })

    it.each(['kept', 'cut', 'empty', undefined] as const)(
      'passes an ack after a success with a body that may be all that the server sends: %s',
      (body) => {
        expect(replaced(body).ack('ana-1').findings(noFalseAck)).toEqual([])
      },
    )

    it.each([
      ['kept', 0],
      ['cut', 1],
      ['empty', 1],
    ] as const)('checks an ack after a 502 with a body that is %s', (body, findings) => {
      expect(replaced(body, 502).ack('ana-1').findings(noFalseAck)).toHaveLength(findings)
    })
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

  it('passes a rejection of what the server did not carry out', () => {
    expect(accepted().ack('ana-1', 'rejected').heal().state().check(noFalseAck)).toEqual({
      judged: 1,
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

  it('passes a deletion reported as done by a client that does not say which key it used', () => {
    const quiet = () =>
      tinyHistory({ capabilities: { ...MINIMAL } })
        .create('ana-1', 'n1', 'old')
        .saved('ana-1')
        .commit('ana-1')
        .delete('ana-2', 'n1')
        .saved('ana-2')
    const anonymous = { about: undefined }
    const carriedOut = quiet()
      .request('ana', 'r1', ['ana-2'], anonymous)
      .commit('ana-2')
      .response('ana', 'r1')
      .settled('ana-2', 'acked')
    expect(carriedOut.heal().state().check(noFalseAck)).toEqual({ judged: 1, findings: [] })
    const faked = quiet().settled('ana-2', 'acked').as('claim').heal().state()
    expect(faked.findings(noFalseAck)[0]).toMatchObject({
      message: expect.stringContaining("ana's deletion of note n1 (ana-2) for done"),
      evidence: [faked.seq('claim')],
    })
  })

  it('is undecided about a deletion that may be either of two', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'n1')
      .saved('ana-1')
      .commit('ana-1')
      .delete('ana-2', 'n1')
      .delete('ana-3', 'n1')
      .commit('ana-2')
      .settled('ana-3', 'acked')
    expect(history.heal().state().check(noFalseAck)).toMatchObject({
      judged: 1,
      findings: [],
      undecided: expect.stringContaining('a deletion that may be another one'),
    })
  })

  it('catches a faked deletion on a server that shows only rows, if nobody touched the row', () => {
    const row = { collection: 'notes', record: 'n1', version: 1, deleted: false, opId: 'ana-1' }
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'n1')
      .roundTrip('ana', 'r1', ['ana-1'])
      .saved('ana-1')
      .delete('ana-2', 'n1')
      .settled('ana-2', 'acked')
      .as('claim')
      .add('server', { type: 'serverState', epoch: 'e1', position: 1, rows: [row] })
    expect(history.findings(noFalseAck)[0]?.evidence).toContain(history.seq('claim'))
    const retried = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'n1')
      .request('ana', 'r1', ['ana-1'])
      .saved('ana-1')
      .delete('ana-2', 'n1')
      .settled('ana-2', 'acked')
      .add('server', { type: 'serverState', epoch: 'e1', position: 1, rows: [row] })
    expect(retried.check(noFalseAck)).toMatchObject({ findings: [], undecided: expect.any(String) })
  })

  it('asks nothing of a cancellation, of a replaced write, or of a deletion of nothing', () => {
    const cancelled = accepted().cancel('ana-2', 'ana-1').settled('ana-2', 'acked')
    expect(cancelled.heal().state().check(noFalseAck)).toEqual({ judged: 0, findings: [] })
    const merged = accepted().update('ana-2', 'm1', 'Hi!').accept('ana-2').deliver('ana-2')
    expect(merged.ack('ana-1').heal().state().findings(noFalseAck)).toEqual([])
    const moot = accepted().delete('ana-2', 'm1').accept('ana-2').settled('ana-2', 'acked')
    expect(moot.heal().state().findings(noFalseAck)).toEqual([])
  })

  it('reports an ack that no response can have caused, even if the write arrives later', () => {
    const history = accepted().ack('ana-1').as('ack').deliver('ana-1').heal().state()
    expect(history.findings(noFalseAck)).toEqual([
      {
        message:
          "ana's app took ana's message 'Hi' (ana-1) for done at 400 ms, before any answer of the server could tell",
        opIds: ['ana-1'],
        evidence: [0, history.seq('ack')],
      },
    ])
    const failed = accepted()
      .request('ana', 'r1', ['ana-1'])
      .response('ana', 'r1', 503)
      .as('503')
      .ack('ana-1')
      .deliver('ana-1')
    expect(failed.findings(noFalseAck)[0]?.message).toContain('after an answer 503, before any')
    expect(failed.findings(noFalseAck)[0]?.evidence).toContain(failed.seq('503'))
  })

  it('judges the first claim: what the person was told, before a right ack', () => {
    const history = accepted().settled('ana-1', 'acked').as('told').deliver('ana-1')
    expect(history.findings(noFalseAck)).toHaveLength(1)
    expect(history.findings(noFalseAck)[0]?.evidence).toContain(history.seq('told'))
  })

  it('passes an ack that a pull caused, after the response to the push was lost', () => {
    const history = accepted()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1', 'timeout')
      .request('ana', 'r2')
      .response('ana', 'r2')
      .ack('ana-1')
    expect(history.findings(noFalseAck)).toEqual([])
  })

  it('reports a write as rejected or lost that the server had carried out', () => {
    const applied = () =>
      accepted()
        .request('ana', 'r1', ['ana-1'])
        .commit('ana-1')
        .as('commit')
        .outcome('ana-1', 'applied', { requestId: 'r1' })
    const timeout = applied().response('ana', 'r1', 'timeout').settled('ana-1', 'rejected')
    timeout.as('claim').heal().state()
    expect(timeout.findings(noFalseAck)).toEqual([
      {
        message:
          "ana's app reported ana's message 'Hi' (ana-1) as rejected at 800 ms; the server had carried it out",
        opIds: ['ana-1'],
        evidence: [timeout.seq('commit'), timeout.seq('claim')],
      },
    ])
    const refused = applied().response('ana', 'r1', 409).settled('ana-1', 'rejected')
    expect(refused.heal().state().findings(noFalseAck)).toEqual([])
  })

  it('passes a conflict that a server without dedup, or another write, explains', () => {
    const applied = () => accepted().commit('ana-1').outcome('ana-1', 'applied')
    const repeated = applied().outcome('ana-1', 'conflict').ack('ana-1', 'conflict')
    expect(repeated.heal().state().findings(noFalseAck)).toEqual([])
    const overwritten = applied()
      .update('ben-1', 'm1', 'x')
      .commit('ben-1')
      .outcome('ben-1', 'applied', { loser: 'k-ana-1' })
      .ack('ana-1', 'conflict')
    expect(overwritten.heal().state().findings(noFalseAck)).toEqual([])
    const cancelled = applied().cancel('ana-2', 'ana-1').settled('ana-1', 'rejected')
    expect(cancelled.heal().state().findings(noFalseAck)).toEqual([])
  })

  it('reports what the app refused, and what was carried out all the same', () => {
    const history = tinyHistory().create('ana-1', 'm1', 'Hi').refused('ana-1').as('refused')
    history.commit('ana-1').as('commit').heal().state()
    expect(history.findings(noFalseAck)).toEqual([
      {
        message:
          "ana's app refused ana's message 'Hi' (ana-1) ('no'), and the server carried it out",
        opIds: ['ana-1'],
        evidence: [history.seq('refused'), history.seq('commit')],
      },
    ])
  })
})
