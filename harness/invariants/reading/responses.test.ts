import { expect, it } from 'vitest'
import type { EventOf } from '../../core/event.ts'
import { tinyHistory } from '../../testing/history-builder.ts'
import { isReplaced, mayTell, responseBefore } from './responses.ts'

type Replacement = Pick<EventOf<'intercepted'>, 'moment' | 'body'>

/** A push to which the server responded with `own`, and of which the device got `status`. */
function pushed(own: number | undefined, status: number, replacement?: Replacement) {
  const draft = tinyHistory().request('ben', 'other').received('other').request('ana', 'r1')
  if (own !== undefined) draft.received('r1').responded('r1', own)
  if (replacement)
    draft.add('harness', {
      ...{ type: 'intercepted', requestId: 'r1', act: 'respond', status },
      ...replacement,
    })
  const history = draft.response('ana', 'r1', status).build()
  const trip = history.requests.find(({ requestId }) => requestId === 'r1')
  if (!trip) throw new Error('the history has no request r1')
  return { tells: mayTell(history, trip), replaced: isReplaced(trip) }
}

it.each<[string, Parameters<typeof pushed>, tells: boolean, replaced: boolean]>([
  ['the own success', [200, 200], true, false],
  ['the own refusal', [409, 409], true, false],
  ['the own error', [503, 503], false, false],
  ['a success that never reached the server', [undefined, 200], false, false],
  ['a page before the server', [undefined, 200, { moment: 'before', body: 'html' }], false, true],
  ['a page after the server', [200, 200, { moment: 'after', body: 'html' }], false, true],
  ['another text', [200, 200, { moment: 'after', body: 'other' }], false, true],
  ['an empty success', [200, 200, { moment: 'after', body: 'empty' }], true, true],
  ['a cut success', [200, 200, { moment: 'after', body: 'cut' }], true, true],
  ['the own body and status', [200, 200, { moment: 'after', body: 'kept' }], true, false],
  ['the own body as an error', [200, 502, { moment: 'after', body: 'kept' }], true, true],
  ['the body of an error as a success', [500, 200, { moment: 'after', body: 'kept' }], true, true],
  ['an error with an empty body', [200, 502, { moment: 'after', body: 'empty' }], false, true],
  ['a success of an unknown body', [200, 200, { moment: 'after' }], true, true],
])('%s may tell, and is replaced, as expected', (_, given, tells, replaced) => {
  expect(pushed(...given)).toEqual({ tells, replaced })
})

it('any success may tell if the history has nothing of the server', () => {
  const history = tinyHistory().request('ana', 'r1').response('ana', 'r1', 200).build()
  expect(history.requests.map((trip) => mayTell(history, trip))).toEqual([true])
})

/** The response to an event stream or an upgrade, on which the server can say anything. */
const opened = { type: 'response', requestId: 'r0', outcome: 'response', goesOn: true } as const

it.each([
  ['no other connection', false, 'none'],
  ['a connection on which the server can speak', true, 'unobserved'],
] as const)('with %s, an ack before any response is judged or not', (_, speaks, expected) => {
  const history = tinyHistory().create('ana-1', 'm1').accept('ana-1').request('ana', 'r0')
  if (speaks) history.add('ana', { ...opened, status: 200 })
  const built = history.request('ana', 'r1', ['ana-1']).ack('ana-1').build()
  const [operation] = built.operations
  const [ack] = operation?.acks ?? []
  if (!operation || !ack) throw new Error('the history has no ack')
  expect(responseBefore(built, operation, ack)).toBe(expected)
})
