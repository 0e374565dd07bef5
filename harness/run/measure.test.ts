import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import { MEASURES } from './measure.ts'

const derived = { derived: true } as const

describe('the measures of a server that tells holdings only', () => {
  const begun = () =>
    tinyHistory({ tells: 'holdings' })
      .create('ana-1', 'n1', 'a')
      .accept('ana-1')
      .roundTrip('ana', 'r1', ['ana-1'], { atServer: (h) => void h.commit('ana-1', derived) })

  it('count derived commits, without those of a server that began again', () => {
    const restored = begun()
      .commit('ana-1', { ...derived, epoch: 'e2', recovered: true })
      .build()
    expect(MEASURES.serverCommits(restored)).toBe(1)
  })

  it.each([
    ['did not show the newest effect', [], 1],
    ['showed it', ['ana-1 sent'], 0],
  ])('count a conflict if the last screen %s', (_, rows, conflicts) => {
    const history = begun().view('ben', rows).update('ben-1', 'n1', 'b')
    history.roundTrip('ben', 'r2', ['ben-1'], { atServer: (h) => void h.commit('ben-1', derived) })
    expect(MEASURES.conflicts(history.build())).toBe(conflicts)
  })

  it('count no conflict with an own earlier write', () => {
    const history = begun().update('ana-2', 'n1', 'b')
    history.roundTrip('ana', 'r2', ['ana-2'], { atServer: (h) => void h.commit('ana-2', derived) })
    expect(MEASURES.conflicts(history.build())).toBe(0)
  })

  it('count a duplicate if a write succeeds again without a second effect', () => {
    expect(MEASURES.duplicatesRecognised(begun().build())).toBe(0)
    const again = begun().roundTrip('ana', 'r2', ['ana-1'])
    expect(MEASURES.duplicatesRecognised(again.build())).toBe(1)
    const twice = begun().roundTrip('ana', 'r2', ['ana-1'], {
      atServer: (h) => void h.commit('ana-1', derived),
    })
    expect(MEASURES.duplicatesRecognised(twice.build())).toBe(0)
  })
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
