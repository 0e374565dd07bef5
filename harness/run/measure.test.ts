import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import { MEASURES } from './measure.ts'

it('counts the responses that no sender got, of polls too, but none that is on its way', () => {
  const poll = (requestId: string) =>
    tinyHistory().request('ana', requestId).received(requestId).responded(requestId)
  const { unheardResponses } = MEASURES
  expect(unheardResponses(poll('r1').response('ana', 'r1', 'timeout').build())).toBe(1)
  expect(unheardResponses(poll('r1').response('ana', 'r1', 503).build())).toBe(0)
  expect(unheardResponses(poll('r1').build())).toBe(0)
  const neverArrived = tinyHistory().request('ana', 'r1').response('ana', 'r1', 'timeout')
  expect(unheardResponses(neverArrived.build())).toBe(0)
})

const replaced = (requestId: string, moment: 'before' | 'after' = 'before'): EventBody => ({
  type: 'intercepted',
  requestId,
  act: 'respond',
  moment,
  status: 502,
})
const measured = (history: HistoryBuilder) => MEASURES.replacedResponses(history.build())

describe('replacedResponses', () => {
  const written = () => tinyHistory().create('ana-1', 'm1').accept('ana-1')

  it('counts a replaced response to a write, also if the server has carried it out', () => {
    const history = written()
      .request('ana', 'r1', ['ana-1'])
      .received('r1')
      .commit('ana-1')
      .responded('r1')
      .add('harness', replaced('r1', 'after'))
      .response('ana', 'r1', 502)
    expect(measured(history)).toBe(1)
  })

  it('counts a replaced response to a poll while a write of the device waits', () => {
    const history = written()
      .request('ana', 'r1')
      .add('harness', replaced('r1'))
      .response('ana', 'r1', 502)
    expect(measured(history)).toBe(1)
  })

  it("does not count polls while nothing waits, nor another device's", () => {
    const history = written()
      .request('ben', 'r1')
      .add('harness', replaced('r1'))
      .response('ben', 'r1', 502)
      .deliver('ana-1')
      .request('ana', 'r2')
      .add('harness', replaced('r2'))
      .response('ana', 'r2', 502)
    expect(measured(history)).toBe(0)
  })

  it("does not count the server's own errors, nor a response that did not arrive", () => {
    const history = written()
      .request('ana', 'r1', ['ana-1'])
      .response('ana', 'r1', 502)
      .request('ana', 'r2', ['ana-1'])
      .add('harness', replaced('r2'))
      .response('ana', 'r2', 'reset')
    expect(measured(history)).toBe(0)
  })
})

describe('lateAcks', () => {
  const answered = (tookMs: number) =>
    tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .at(1000)
      .request('ana', 'r1', ['ana-1'])
      .received('r1')
      .responded('r1')
      .at(1000 + tookMs)

  it.each([
    [40_000, 1],
    [9000, 0],
  ])('counts a response after %i ms %i times', (tookMs, count) => {
    const history = answered(tookMs).response('ana', 'r1').build()
    expect(MEASURES.lateAcks(history)).toBe(count)
  })

  it('counts a response for which the sender did not wait', () => {
    const history = answered(5000).response('ana', 'r1', 'timeout').build()
    expect(MEASURES.lateAcks(history)).toBe(1)
  })

  it('does not count the late response to a poll', () => {
    const history = tinyHistory().roundTrip('ana', 'r1', [], { tookMs: 80_000 }).build()
    expect(MEASURES.lateAcks(history)).toBe(0)
  })
})

it('counts no sent message as failed, but as lost if it never arrived', () => {
  const message = () =>
    tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1/1', ['ana-1'], { method: 'MESSAGE', messageOf: 'r1' })
      .response('ana', 'r1/1', 'sent')
  const measuredOf = (history: HistoryBuilder) => {
    const { failedRequests, lostRequests, unheardResponses } = MEASURES
    return [failedRequests, lostRequests, unheardResponses].map((of) => of(history.build()))
  }
  expect(measuredOf(message())).toEqual([0, 1, 0])
  expect(measuredOf(message().received('r1/1'))).toEqual([0, 0, 0])
})

describe('WebSocket connections', () => {
  const FLAP = { name: 'flap', caption: 'the link flaps', nodes: ['ana'] }
  const opened = (builder: HistoryBuilder, requestId: string) =>
    builder.request('ana', requestId).received(requestId).response('ana', requestId, 101)
  const message = (requestId: string, messageOf: string): EventBody => ({
    ...{ type: 'request', requestId, messageOf, method: 'MESSAGE', path: '/', bytes: 1, opIds: [] },
  })

  it('count as failed when they are opened again under a fault, and not after a start', () => {
    const { failedRequests } = MEASURES
    const first = () => opened(tinyHistory(), 'r1').fault(true, FLAP)
    expect(failedRequests(first().build())).toBe(0)
    expect(failedRequests(opened(first(), 'r2').build())).toBe(1)
    const restarted = first().add('ana', { type: 'start', incarnation: 2 })
    expect(failedRequests(opened(restarted, 'r2').build())).toBe(0)
  })

  it('count a message under a fault as delayed', () => {
    const { delayedResponses } = MEASURES
    const before = opened(tinyHistory(), 'r1').add('ana', message('r1/1', 'r1'))
    expect(delayedResponses(before.build())).toBe(0)
    const under = before.fault(true, FLAP).add('ana', message('r1/2', 'r1'))
    expect(delayedResponses(under.build())).toBe(1)
  })
})
