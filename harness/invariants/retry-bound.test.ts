import { describe, expect, it } from 'vitest'
import type { HistoryBuilder } from '../testing/history-builder.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import retryBound from './retry-bound.ts'

const backoff = { initial: 1000, cap: 60_000 }
const waiting = (capabilities = {}) =>
  tinyHistory({ capabilities, spacingMs: 1 }).create('ana-1', 'm1', 'Hi').accept('ana-1')

/** Sends `count` requests, `everyMs` apart, which end at once. */
function attempts(
  history: HistoryBuilder,
  count: number,
  everyMs: number,
  { opIds = [], outcome = 503 }: { opIds?: string[]; outcome?: number | 'timeout' | 'sent' } = {},
): HistoryBuilder {
  for (let i = 1; i <= count; i++)
    history
      .at(i * everyMs)
      .request('ana', `r${i}`, opIds)
      .as(`r${i}`)
      .response('ana', `r${i}`, outcome)
  return history
}

describe('RETRY-BOUND', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().check(retryBound)).toEqual({ judged: 0, findings: [] })
  })

  it('passes attempts within the bound, and measures them', () => {
    const history = attempts(waiting({ backoff }), 7, 10_000, { opIds: ['ana-1'] }).heal(49_990)
    expect(history.check(retryBound)).toEqual({
      judged: 7,
      findings: [],
      figure: '7 requests and 70 bytes per write; 180 retries per waiting write and hour',
    })
  })

  it('counts messages that were sent as no failures', () => {
    const limits = { initial: 30_000, cap: 60_000 }
    const history = (outcome: 'timeout' | 'sent') =>
      attempts(waiting({ backoff: limits }), 12, 1000, { opIds: ['ana-1'], outcome }).heal()
    expect(history('timeout').findings(retryBound)).toHaveLength(1)
    expect(history('sent').findings(retryBound)).toEqual([])
  })

  it('measures attempts without a connection too: they cost requests, but no bytes', () => {
    const history = waiting({ backoff })
    for (const [i, outcome] of (['refused', 'refused', 200] as const).entries())
      history
        .at(10_000 * (i + 1))
        .request('ana', `r${i}`, ['ana-1'], { bytes: 2468 })
        .response('ana', `r${i}`, outcome)
    expect(history.ack('ana-1').check(retryBound).figure).toBe(
      '3 requests and 2.5 kB per write; 240 retries per waiting write and hour',
    )
  })

  it('reports haste also where no attempt reaches the server', () => {
    const history = waiting({ backoff })
    for (let i = 1; i <= 60; i++)
      history
        .at(i * 1000)
        .request('ana', `r${i}`, ['ana-1'])
        .response('ana', `r${i}`, 'refused')
    expect(history.findings(retryBound)).toHaveLength(1)
  })

  it('allows each attempt for which the server asked by Retry-After, and no earlier one', () => {
    const obeying = (everyMs: number) => {
      const history = waiting({ backoff })
      for (let i = 1; i <= 60; i++)
        history
          .at(i * everyMs)
          .request('ana', `r${i}`, ['ana-1'])
          .add('ana', {
            type: 'response',
            requestId: `r${i}`,
            outcome: 'response',
            status: 503,
            headers: { 'retry-after': '1' },
          })
      return history.findings(retryBound)
    }
    expect(obeying(1010)).toEqual([])
    expect(obeying(900)).toHaveLength(1)
  })

  it('measures nothing if no write waited', () => {
    expect(attempts(tinyHistory(), 3, 10_000).check(retryBound)).toEqual({
      judged: 3,
      findings: [],
    })
  })

  it('reports a minute of idle polls that brought nothing, by its first and last request', () => {
    const history = attempts(tinyHistory({ spacingMs: 1 }), 130, 400, { outcome: 200 })
    expect(history.findings(retryBound)).toEqual([
      {
        message:
          "ana's app sent 130 requests between 400 ms and 52 s that brought nothing: the bound is 120 a minute, two a second for each waiting write",
        opIds: [],
        evidence: [history.seq('r1'), history.seq('r130')],
      },
    ])
    expect(attempts(tinyHistory({ spacingMs: 1 }), 240, 501).findings(retryBound)).toEqual([])
  })

  it('allows each waiting write its own attempts', () => {
    const history = waiting().create('ana-2', 'm2').accept('ana-2')
    expect(attempts(history, 150, 400).findings(retryBound)).toEqual([])
    expect(attempts(waiting(), 150, 400).findings(retryBound)).toHaveLength(1)
  })

  it('does not count requests that brought a page, an ack or another screen', () => {
    const history = tinyHistory({ spacingMs: 1 })
    for (let i = 1; i <= 130; i++) {
      history
        .at(i * 400)
        .request('ana', `r${i}`)
        .response('ana', `r${i}`)
      if (i % 2 === 0) history.cursor('ana', i, [])
      else history.view('ana')
    }
    expect(history.findings(retryBound)).toEqual([])
    const same = tinyHistory({ spacingMs: 1 })
    for (let i = 1; i <= 130; i++)
      same
        .at(i * 400)
        .request('ana', `r${i}`)
        .response('ana', `r${i}`)
        .cursor('ana', 7, [])
    expect(same.findings(retryBound), 'the same cursor again').toHaveLength(1)
  })

  it('holds a write to the declared backoff, with slack for chance', () => {
    const history = attempts(waiting({ backoff }), 60, 1000, { opIds: ['ana-1'] })
    expect(history.findings(retryBound)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) was tried 60 times without success between 1 s and 1 m; the declared backoff (1 s, growing to 1 m) allows 32 at the very most",
        opIds: ['ana-1'],
        evidence: [history.seq('r1'), history.seq('r60')],
      },
    ])
    const undeclared = attempts(waiting(), 60, 1000, { opIds: ['ana-1'] })
    expect(undeclared.findings(retryBound), 'no backoff is declared').toEqual([])
  })

  it('allows as many attempts again after each start, change of the network and action', () => {
    const reset = attempts(waiting({ backoff }), 20, 1000, { opIds: ['ana-1'] }).connectivity(
      'ana',
      true,
    )
    for (let i = 21; i <= 60; i++)
      reset
        .at(i * 1000)
        .request('ana', `r${i}`, ['ana-1'])
        .response('ana', `r${i}`, 'timeout')
    expect(reset.findings(retryBound)).toEqual([])
  })
})
