import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import type { SentBody } from '../core/interception.ts'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import { lostAcks } from './lost-acks.ts'

const written = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')
const idsOf = (history: HistoryBuilder) =>
  lostAcks(history.build()).map(({ requestId }) => requestId)
const apply = (history: HistoryBuilder) => history.commit('ana-1').outcome('ana-1', 'applied')
const intercepted = (moment: 'before' | 'after', body?: SentBody, status = 200): EventBody => ({
  type: 'intercepted',
  requestId: 'r1',
  act: 'respond',
  moment,
  status,
  ...(body && { body }),
})

describe('lost acks', () => {
  it('are none in an empty history, and none if the response arrives', () => {
    expect(idsOf(tinyHistory())).toEqual([])
    expect(idsOf(written().deliver('ana-1'))).toEqual([])
    expect(idsOf(written().roundTrip('ana', 'r1', ['ana-1'], { atServer: apply }))).toEqual([])
  })

  it('are counted if the sender times out after the server has responded', () => {
    const history = written().roundTrip('ana', 'r1', ['ana-1'], {
      atServer: apply,
      responseLost: true,
    })
    expect(idsOf(history.roundTrip('ana', 'r2', ['ana-1']))).toEqual(['r1'])
  })

  it('are counted if the sender dies before the response', () => {
    const history = written().request('ana', 'r1', ['ana-1']).received('r1')
    expect(idsOf(apply(history).responded('r1').crash('ana'))).toEqual(['r1'])
  })

  it('are not counted for a response that is still on its way when the run ends', () => {
    const sent = () => apply(written().request('ana', 'r1', ['ana-1']).received('r1'))
    expect(idsOf(sent().responded('r1'))).toEqual([])
    const lost = { type: 'intercepted', requestId: 'r1', moment: 'after' } as const
    const withAct = (act: 'lose-response' | 'delay') =>
      idsOf(
        sent()
          .responded('r1')
          .add('harness', { ...lost, act }),
      )
    expect(withAct('delay')).toEqual([])
    expect(withAct('lose-response')).toEqual(['r1'])
  })

  it('are not counted for polls, nor for deletions, which carry no marker', () => {
    const polls = written().roundTrip('ana', 'r1', [], { responseLost: true })
    expect(idsOf(polls)).toEqual([])
    const deletion = written().delete('ana-2', 'm1', 'messages').accept('ana-2')
    expect(idsOf(deletion.roundTrip('ana', 'r1', ['ana-2'], { responseLost: true }))).toEqual([])
  })

  it('are not counted if the server responds with an error, or refuses the write', () => {
    const failed = { responseLost: true, status: 500 }
    expect(idsOf(written().roundTrip('ana', 'r1', ['ana-1'], failed))).toEqual([])
    const refused = written().roundTrip('ana', 'r1', ['ana-1'], {
      responseLost: true,
      atServer: (history) => history.outcome('ana-1', 'rejected', { requestId: 'r1' }),
    })
    expect(idsOf(refused)).toEqual([])
  })

  it('are counted if another response arrives in the place of it, also with its status', () => {
    const history = () => apply(written().request('ana', 'r1', ['ana-1']).received('r1'))
    expect(idsOf(history().responded('r1').response('ana', 'r1', 502))).toEqual(['r1'])
    const same = (moment: 'before' | 'after') =>
      history().responded('r1').add('harness', intercepted(moment)).response('ana', 'r1', 200)
    expect(idsOf(same('after'))).toEqual(['r1'])
  })

  it.each<[SentBody, number, string[]]>([
    ['kept', 200, []],
    ['kept', 202, []],
    ['kept', 502, ['r1']],
    ['cut', 200, ['r1']],
    ['html', 200, ['r1']],
    ['empty', 200, ['r1']],
  ])('are counted unless the body of the server arrives with success: %s, %i', (...given) => {
    const [body, status, expected] = given
    const history = apply(written().request('ana', 'r1', ['ana-1']).received('r1'))
    history.responded('r1').add('harness', intercepted('after', body, status))
    expect(idsOf(history.response('ana', 'r1', status))).toEqual(expected)
  })

  it('are not counted if somebody else responds and the server never sees the request', () => {
    const history = written().request('ana', 'r1', ['ana-1']).add('harness', intercepted('before'))
    expect(idsOf(history.response('ana', 'r1', 200))).toEqual([])
  })

  describe('of a server that dies before it responds', () => {
    const crashed = (history: HistoryBuilder) =>
      history
        .add('server', { type: 'crash', incarnation: 1, by: 'scenario' })
        .response('ana', 'r1', 'reset')
        .add('server', { type: 'start', incarnation: 2 })
    const sent = () => written().request('ana', 'r1', ['ana-1']).received('r1')

    it('are counted if it had committed, reported then or found at the next start', () => {
      expect(idsOf(crashed(sent().commit('ana-1')))).toEqual(['r1'])
      expect(idsOf(crashed(sent()).commit('ana-1', { recovered: true }))).toEqual(['r1'])
    })

    it('are not counted if it had not committed, also if a retry is committed', () => {
      expect(idsOf(crashed(sent()))).toEqual([])
      const retried = crashed(sent()).roundTrip('ana', 'r2', ['ana-1'], { atServer: apply })
      expect(idsOf(retried)).toEqual([])
    })
  })

  describe('of a WebSocket message', () => {
    const sent = () =>
      written()
        .request('ana', 'r1/1', ['ana-1'], { method: 'MESSAGE', messageOf: 'r1' })
        .response('ana', 'r1/1', 'sent')
    const struck = (history: HistoryBuilder, act: 'lose-response' | 'delay' | 'reset' = 'reset') =>
      history.add('harness', { type: 'intercepted', requestId: 'r1/1', moment: 'after', act })

    it('are counted if its write took effect, and nothing said after it could arrive', () => {
      const arrived = () => sent().received('r1/1')
      expect(idsOf(struck(arrived().commit('ana-1')))).toEqual(['r1/1'])
      expect(idsOf(struck(arrived(), 'lose-response').commit('ana-1'))).toEqual(['r1/1'])
      expect(idsOf(struck(arrived().commit('ana-1'), 'delay'))).toEqual([])
      expect(idsOf(arrived().commit('ana-1'))).toEqual([])
      expect(idsOf(struck(arrived()))).toEqual([])
      expect(idsOf(struck(sent()))).toEqual([])
    })

    it('are not counted for a commit after the write has arrived again', () => {
      const again = struck(sent().received('r1/1')).request('ana', 'r2', ['ana-1']).received('r2')
      expect(idsOf(again.commit('ana-1'))).toEqual([])
    })
  })
})
