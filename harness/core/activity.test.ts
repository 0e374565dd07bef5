import { expect, it } from 'vitest'
import { Activity } from './activity.ts'
import type { EventBody, ShownView } from './event.ts'

const request = (requestId: string, opIds: string[] = []): EventBody => ({
  type: 'request',
  requestId,
  method: 'GET',
  path: '/changes',
  bytes: 0,
  opIds,
})
const response = (requestId: string, status = 200): EventBody => ({
  type: 'response',
  requestId,
  outcome: 'response',
  status,
})
const view = (shown: Partial<ShownView>): EventBody => ({
  type: 'view',
  view: { rows: [], ...shown },
})
const start: EventBody = { type: 'start', incarnation: 1 }

/** Activity of ana alone, whose app started at 0 and asked the server at 10. */
function rested(...events: (readonly [number, EventBody, string?])[]): number | undefined {
  const activity = new Activity(['ana'])
  activity.see(start, 0, 'ana')
  activity.see(request('a1'), 10, 'ana')
  activity.see(response('a1'), 20, 'ana')
  for (const [t, event, node = 'ana'] of events) activity.see(event, t, node)
  return activity.restingSince()
}

it('Activity rests since the last event that matters, whatever idle polls record', () => {
  expect(rested()).toBe(0)
  const poll: EventBody = {
    type: 'cursorSaved',
    epoch: 'e',
    cursor: 3,
    complete: true,
    full: false,
    rows: [],
  }
  expect(
    rested(
      [30, request('a2')],
      [31, { type: 'serverReceived', requestId: 'a2' }, 'server'],
      [32, { type: 'serverResponded', requestId: 'a2', status: 200 }, 'server'],
      [33, response('a2')],
      [34, poll],
      [35, { type: 'log', level: 'info', text: 'polled' }],
      [36, { type: 'viewRequested', request: 1 }],
      [37, view({})],
    ),
  ).toBeUndefined()
  expect(rested([40, view({ allSynced: true })], [50, request('a3')], [51, response('a3')])).toBe(
    40,
  )
  expect(
    rested(
      [40, view({ allSynced: true })],
      [50, request('a3')],
      [51, response('a3')],
      [52, view({ allSynced: true })],
      [53, poll],
    ),
  ).toBe(40)
})

it.each<readonly [string, EventBody, string]>([
  ['a commit', { type: 'error', message: 'x' }, 'server'],
  ['a poll with rows', cursorSaved({ rows: [change()] }), 'ana'],
  ['a page that is not the last', cursorSaved({ complete: false }), 'ana'],
  ['a resync', cursorSaved({ full: true }), 'ana'],
  ['a note', { type: 'note', text: 'retry in 4 s' }, 'ana'],
  ['a fault', { type: 'phase', phase: 'settle' }, 'harness'],
])('Activity counts %s, and waits for the next successful request', (_, event, node) => {
  expect(rested([30, event, node])).toBeUndefined()
  expect(rested([30, event, node], [40, request('a2')], [41, response('a2')])).toBe(30)
  // A request that was sent before cannot have fetched what the event brought.
  expect(rested([29, request('a2')], [30, event, node], [41, response('a2')])).toBeUndefined()
})

it('Activity counts requests with writes, and polls that fail', () => {
  expect(
    rested(
      [30, request('a2', ['ana-1'])],
      [31, response('a2')],
      [40, request('a3')],
      [41, response('a3')],
    ),
  ).toBe(31)
  expect(rested([30, request('a2')], [31, response('a2', 503)])).toBeUndefined()
  const reset: EventBody = { type: 'response', requestId: 'a2', outcome: 'reset' }
  expect(rested([30, request('a2')], [31, reset])).toBeUndefined()
})

it.each<readonly [string, EventBody]>([
  ['a request is open', request('a2')],
  ['a screen is awaited', { type: 'viewRequested', request: 1 }],
  ['a row waits', view({ rows: [row('pending')] })],
  ['the badge counts', view({ pending: 1 })],
  ['a device says that it is not synced', view({ allSynced: false })],
])('Activity does not rest while %s', (_, event) => {
  expect(rested([30, event], [40, request('a9')], [41, response('a9')])).toBeUndefined()
})

it('Activity forgets the open requests of a dead incarnation', () => {
  expect(
    rested(
      [30, request('a2')],
      [31, { ...start, incarnation: 2 }],
      [40, request('a3')],
      [41, response('a3')],
    ),
  ).toBe(31)
})

it('Activity never rests if a device sends no requests', () => {
  const activity = new Activity(['ana', 'ben'])
  activity.see(request('a1'), 10, 'ana')
  activity.see(response('a1'), 20, 'ana')
  expect(activity.restingSince()).toBeUndefined()
})

function cursorSaved(
  changed: Partial<Extract<EventBody, { type: 'cursorSaved' }>>,
): Extract<EventBody, { type: 'cursorSaved' }> {
  const page = { epoch: 'e', cursor: 3, complete: true, full: false, rows: [] }
  return { type: 'cursorSaved', ...page, ...changed }
}

function change() {
  return { collection: 'messages', record: 'm1', version: 1, deleted: false }
}

function row(status: 'pending' | 'sent') {
  return { collection: 'messages', record: 'm1', id: '1', status }
}

it('Activity counts a sent message as a request that the server was asked with', () => {
  const sent: EventBody = { type: 'response', requestId: 'a2', outcome: 'sent' }
  const news = [30, { type: 'note', text: 'news' }] as const
  expect(rested(news, [40, request('a2')], [40, sent])).toBe(30)
  expect(rested(news, [40, request('a2', ['ana-1'])], [41, sent])).toBeUndefined()
})
