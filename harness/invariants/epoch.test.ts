import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import epoch from './epoch.ts'

const sent = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').deliver('ana-1')
/** The state of a server that was restored from before its first commit. */
const empty = (fields: object = {}) =>
  ({ type: 'serverState', epoch: 'e2', position: 0, rows: [], ...fields }) as EventBody
const inE2 = { epoch: 'e2' }

describe('EPOCH', () => {
  it('judges nothing if the server never went back', () => {
    const history = sent().cursor('ana', 1, ['m1@1']).heal().view('ana', ['ana-1 sent']).state()
    expect(history.check(epoch)).toEqual({ judged: 0, findings: [] })
  })

  it('reports a write that was acknowledged, is gone, and is neither sent again nor shown', () => {
    const history = sent().as('ack').heal().view('ana', ['ana-1 sent']).as('end')
    history.add('server', empty()).as('state')
    expect(history.findings(epoch)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) was reported as arrived at 900 ms; the server lost it again, the app did not send it again, and ana's screen shows it as if it were there",
        opIds: ['ana-1'],
        evidence: [5, ...['ack', 'end', 'state'].map((name) => history.seq(name))],
      },
    ])
  })

  it('reports it as well if the server goes back within its epoch', () => {
    const history = sent().heal().view('ana')
    const lower = history.add('server', empty({ epoch: 'e1' }))
    expect(lower.findings(epoch)).toHaveLength(1)
  })

  it('passes a write that is sent again, shown as waiting, or still there', () => {
    const again = sent().commit('ana-1', { ...inE2, position: 1, version: 1, head: 0 })
    const state = empty({ position: 1 })
    expect(again.heal().view('ana').add('server', state).findings(epoch)).toEqual([])
    const waiting = sent().heal().view('ana', ['ana-1 pending']).add('server', empty())
    expect(waiting.check(epoch)).toEqual({ judged: 1, findings: [] })
    const row = { collection: 'messages', record: 'm1', version: 1, deleted: false, opId: 'ana-1' }
    const kept = sent()
      .heal()
      .view('ana')
      .add('server', empty({ rows: [row] }))
    expect(kept.check(epoch)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a write whose record shows a later version, or was deleted since', () => {
    const edited = sent().update('ben-1', 'm1', 'Hello').commit('ben-1')
    const row = { collection: 'messages', record: 'm1', version: 2, deleted: false, opId: 'ben-1' }
    const later = edited
      .heal()
      .view('ana')
      .add('server', empty({ rows: [row] }))
    expect(later.findings(epoch)).toEqual([])
    const deleted = sent().delete('ben-1', 'm1').commit('ben-1')
    expect(deleted.heal().view('ana').add('server', empty()).findings(epoch)).toEqual([])
  })

  it('passes a device that reads a new epoch from its beginning', () => {
    const history = tinyHistory()
      .cursor('ana', 5)
      .cursor('ana', 1, [], { ...inE2, full: true })
      .cursor('ana', 2, [], inE2)
    expect(history.check(epoch)).toEqual({ judged: 1, findings: [] })
  })

  it('reports a device that goes on from an old cursor, or returns to the old epoch', () => {
    const onwards = tinyHistory().cursor('ana', 5).as('old').cursor('ana', 6, [], inE2).as('new')
    expect(onwards.findings(epoch)).toEqual([
      {
        message:
          "ana's app went on in the new epoch e2 (cursor 6) without reading all of it at 200 ms, after a page of epoch e1 at 100 ms",
        opIds: [],
        evidence: [onwards.seq('old'), onwards.seq('new')],
      },
    ])
    const back = tinyHistory()
      .cursor('ana', 5)
      .cursor('ana', 1, [], { ...inE2, full: true })
      .cursor('ana', 6, [], { full: true })
    expect(back.findings(epoch)[0]?.message).toContain('saved a cursor of the former epoch e1')
  })

  it('is undecided if the device was not read, or had no time to notice', () => {
    const unread = sent().heal().add('server', empty())
    const hasty = sent().heal(1000).view('ana').add('server', empty())
    for (const history of [unread, hasty])
      expect(history.check(epoch)).toMatchObject({ findings: [], undecided: expect.any(String) })
  })
})
