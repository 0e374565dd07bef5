import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import retryAfter from './retry-after.ts'

/** A request of ana's at `sentMs`, which is answered 100 ms later. */
function refused(
  history: HistoryBuilder,
  sentMs: number,
  { requestId = 'r1', path = '/push', status = 503, retryAfter = '20' } = {},
): HistoryBuilder {
  return history
    .at(sentMs)
    .request('ana', requestId, [], { method: 'POST', path })
    .at(sentMs + 100)
    .add('ana', {
      type: 'response',
      requestId,
      outcome: 'response',
      status,
      headers: { 'retry-after': retryAfter },
    })
    .as(`answer ${requestId}`)
}

const sends = (history: HistoryBuilder, sentMs: number, path = '/push', method = 'POST') =>
  history.at(sentMs).request('ana', `at ${sentMs}`, [], { method, path }).as(`at ${sentMs}`)

const asked = (setting: Parameters<typeof refused>[2] = {}) => refused(tinyHistory(), 1000, setting)

describe('RETRY-AFTER', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().check(retryAfter)).toEqual({ judged: 0, findings: [] })
  })

  it('judges nothing if no response says when to come back', () => {
    const history = tinyHistory().roundTrip('ana', 'r1', [], { status: 503 })
    expect(sends(history, 2000).check(retryAfter)).toEqual({ judged: 0, findings: [] })
  })

  it('passes an app that comes back in time, a second of rounding included', () => {
    expect(sends(asked(), 20_200).check(retryAfter)).toEqual({ judged: 1, findings: [] })
  })

  it('passes an app that does not come back at all', () => {
    expect(asked().check(retryAfter)).toEqual({ judged: 1, findings: [] })
  })

  it.each([429, 503])('reports the first early request after a %i', (status) => {
    const history = sends(sends(asked({ status }), 5100), 7000)
    expect(history.findings(retryAfter)).toEqual([
      {
        message: `ana's app sent POST /push again at 5.1 s, 4 s after the answer ${status} had asked it to wait 20 s`,
        opIds: [],
        evidence: [history.seq('answer r1'), history.seq('at 5100')],
      },
    ])
  })

  it('reports a device once, with the number of times', () => {
    const history = sends(refused(asked(), 5100, { requestId: 'r2' }), 8000)
    const findings = history.findings(retryAfter)
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toContain('it came back early 2 times in all')
  })

  it('takes another query for the same path', () => {
    const history = sends(asked({ path: '/changes?since=1' }), 3000, '/changes?since=2')
    expect(history.findings(retryAfter)).toHaveLength(1)
  })

  it('demands no more than an hour', () => {
    const history = sends(asked({ retryAfter: '31536000' }), 3_601_100)
    expect(history.findings(retryAfter)).toEqual([])
  })

  describe('permits', () => {
    const permitted = (history: HistoryBuilder) =>
      expect(history.check(retryAfter)).toMatchObject({ findings: [] })

    it('a request with another method or path', () => {
      permitted(sends(sends(asked(), 2000, '/push', 'PUT'), 3000, '/changes'))
    })

    it('a request that was on its way', () => {
      const history = tinyHistory()
        .at(1050)
        .request('ana', 'r0', [], { method: 'POST', path: '/push' })
      permitted(refused(history, 1100))
    })

    it("another device's request", () => {
      permitted(asked().at(2000).request('ben', 'r2', [], { method: 'POST', path: '/push' }))
    })

    it('a request after a person acted', () => {
      permitted(sends(asked().at(2000).create('ana-1', 'm1'), 2100))
    })

    it('a request after a restart of the app', () => {
      permitted(sends(asked().at(2000).crash('ana').start('ana'), 2100))
    })

    it("a request after the device's clock was set", () => {
      permitted(sends(asked().at(2000).add('ana', { type: 'clock', by: 60_000 }), 2100))
    })

    it('a request after another one succeeded', () => {
      const onItsWay = tinyHistory()
        .at(900)
        .request('ana', 'r0', [], { method: 'POST', path: '/push' })
      permitted(sends(refused(onItsWay, 1000).at(1500).response('ana', 'r0', 200), 2000))
    })

    it('any request after other statuses, and after values that are neither number nor date', () => {
      permitted(sends(asked({ status: 500 }), 2000))
      permitted(sends(asked({ retryAfter: 'soon' }), 2000))
      permitted(sends(asked({ retryAfter: '-5' }), 2000))
    })
  })

  it('leaves a date undecided, if there is a request that may be early', () => {
    const date = { retryAfter: 'Thu, 01 Jan 2026 00:00:21 GMT' }
    expect(sends(asked(date), 3000).check(retryAfter)).toMatchObject({
      judged: 0,
      findings: [],
      undecided: expect.stringContaining('names a date'),
    })
    expect(asked(date).check(retryAfter)).toEqual({ judged: 1, findings: [] })
  })
})
