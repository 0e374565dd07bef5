import * as fc from 'fast-check'
import type { Action } from '../../core/action.ts'
import type { Event, EventBody } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { mark } from '../../core/mark.ts'
import { FULL, MINIMAL } from '../../testing/capabilities.ts'
import { tinyHistory } from '../../testing/history-builder.ts'

// Each set of names is small, so that generated events often refer to the same thing.
const device = fc.constantFrom('ana', 'ben')
const opId = fc.constantFrom('ana-1', 'ana-2', 'ben-1', 'ben-2')
const record = fc.constantFrom('m1', 'n1', '__proto__')
const collection = fc.constantFrom('messages', 'notes', 'other')
const key = fc.constantFrom('k1', 'k2', 'k3')
const requestId = fc.constantFrom('r1', 'r2', 'r3')
const write = fc.constantFrom('create' as const, 'update' as const, 'delete' as const)
const small = fc.nat(4)
const stamp = fc.constantFrom(
  '001767254400000:00000:ana',
  '001767254400100:00000:ben',
  '001799999999999:00001:ana',
  'no stamp',
)
const epoch = fc.constantFrom('e1', 'e2')
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 3 })
const payload = {
  opId: maybe(opId),
  hash: maybe(fc.constantFrom('h1', 'h2')),
  text: maybe(fc.constant('text')),
}
const at = { collection, record }

const action: fc.Arbitrary<Action> = fc
  .record({
    type: fc.constantFrom('create', 'update', 'delete', 'cancel', 'refresh'),
    opId,
    collection,
    record,
    target: opId,
  })
  .map(({ type, opId, collection, record, target }) => {
    if (type === 'cancel') return { type, opId, target } as Action
    if (type === 'refresh') return { type, opId } as Action
    if (type === 'delete') return { type, opId, collection, record } as Action
    return {
      type,
      opId,
      collection,
      record,
      content: { conversation: 'main', text: mark('text', { record, opId }) },
    } as Action
  })

const row = fc.record({
  ...at,
  id: record,
  ...payload,
  status: maybe(fc.constantFrom('pending' as const, 'sent' as const, 'failed' as const)),
  version: maybe(small),
})
const entry = fc.record({
  key,
  type: write,
  ...at,
  rev: small,
  ...payload,
  state: fc.constantFrom('pending' as const, 'failed' as const),
})
const view = fc.record({
  rows: fc.array(row, { maxLength: 4 }),
  outbox: maybe(fc.array(entry, { maxLength: 3 })),
  conflicts: maybe(fc.array(fc.record({ ...at, ...payload }), { maxLength: 2 })),
  pending: maybe(small),
  failed: maybe(small),
  allSynced: maybe(fc.boolean()),
})
const frame = fc.constant('client.ts:1:1')
const outcome = fc.constantFrom(
  'applied' as const,
  'duplicate' as const,
  'conflict' as const,
  'rejected' as const,
)

const onDevice: readonly fc.Arbitrary<object>[] = [
  action.map((action) => ({ type: 'invoke', opId: action.opId, action, wall: 0 })),
  fc.record({
    type: fc.constant('localCommit'),
    opId,
    key,
    write,
    ...at,
    rev: small,
    base: maybe(small),
    stamp: maybe(stamp),
    hash: payload.hash,
  }),
  fc.record({
    type: fc.constant('ackApplied'),
    key,
    rev: small,
    outcome,
    version: maybe(small),
    cleared: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('cursorSaved'),
    epoch,
    cursor: small,
    complete: fc.boolean(),
    full: fc.boolean(),
    rows: fc.array(fc.record({ ...at, version: small, deleted: fc.boolean() }), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('saved'), opId, durable: fc.boolean() }),
  fc.record({ type: fc.constant('refused'), opId, reason: fc.constant('no') }),
  fc.record({
    type: fc.constant('settled'),
    opId,
    outcome: fc.constantFrom('acked', 'rejected', 'conflict'),
  }),
  fc.record({
    type: fc.constant('request'),
    requestId,
    method: fc.constant('POST'),
    path: fc.constant('/push'),
    bytes: small,
    opIds: fc.array(opId, { maxLength: 2 }),
    about: maybe(fc.array(fc.record({ key, attempt: small }), { maxLength: 2 })),
    deadline: maybe(small),
  }),
  fc.record({
    type: fc.constant('response'),
    requestId,
    outcome: fc.constantFrom('response', 'refused', 'reset', 'cut', 'timeout', 'aborted'),
    status: maybe(fc.constantFrom(200, 503)),
  }),
  view.map((view) => ({ type: 'view', view })),
  fc.record({ type: fc.constant('view'), view, request: small }),
  fc.record({ type: fc.constant('viewRequested'), request: small }),
  fc.record({ type: fc.constant('note'), text: fc.constant('a remark'), opId: maybe(opId) }),
  fc.record({
    type: fc.constant('log'),
    level: fc.constantFrom('debug', 'info', 'warn', 'error'),
    text: fc.constant('a line'),
  }),
  fc.record({ type: fc.constant('start'), incarnation: small }),
  fc.record({
    type: fc.constant('freeze'),
    incarnation: small,
    doing: fc.constantFrom('view()', 'a timer'),
    sign: fc.constant('no answer for 1 m'),
    since: small,
    opId: maybe(opId),
  }),
  fc.record({
    type: fc.constant('crash'),
    incarnation: small,
    by: fc.constantFrom('scenario', 'itself', 'harness'),
    message: maybe(fc.constant('a message')),
    frame: maybe(frame),
  }),
  fc.record({
    type: fc.constant('invalid'),
    what: fc.constantFrom('a view', 'saved of ana-1'),
    received: fc.constant('rows.0.status: "delivered"'),
    expected: fc.constant("'pending', 'sent' or 'failed'"),
  }),
  fc.record({
    type: fc.constant('bypass'),
    global: fc.constant('setTimeout'),
    frame,
    port: fc.constant('clock.after'),
  }),
]

const onServer: readonly fc.Arbitrary<object>[] = [
  fc.record({
    type: fc.constant('serverCommit'),
    key: maybe(key),
    position: small,
    epoch,
    write,
    ...at,
    version: small,
    base: maybe(small),
    head: small,
    stamp: maybe(stamp),
    author: device,
    ...payload,
    recovered: maybe(fc.constant(true)),
  }),
  fc.record({
    type: fc.constant('serverOutcome'),
    requestId: maybe(requestId),
    key: maybe(key),
    write,
    ...at,
    ...payload,
    outcome,
    base: maybe(small),
    head: maybe(small),
    stamp: maybe(stamp),
    winner: maybe(key),
    loser: maybe(key),
    rule: maybe(fc.constant('a rule')),
  }),
  fc.record({
    type: fc.constant('serverState'),
    epoch,
    position: small,
    rows: fc.array(fc.record({ ...at, version: small, deleted: fc.boolean(), ...payload }), {
      maxLength: 3,
    }),
    conflicts: maybe(
      fc.array(fc.record({ ...at, key: maybe(key), ...payload, rule: fc.constant('a rule') }), {
        maxLength: 2,
      }),
    ),
  }),
  fc.record({ type: fc.constant('serverReceived'), requestId }),
]

const phase = fc.record({
  type: fc.constant('phase'),
  phase: fc.constantFrom('act', 'heal', 'settle', 'read', 'probe', 'end'),
})

const event: fc.Arbitrary<{
  readonly body: EventBody
  readonly node: string
  readonly wait: number
}> = fc
  .tuple(
    fc.oneof(
      { weight: 15, arbitrary: fc.oneof(...onDevice) },
      { weight: 5, arbitrary: fc.oneof(...onServer) },
      phase,
    ),
    device,
    small,
  )
  .map(([body, node, wait]) => {
    const { type } = body as EventBody
    return {
      body: body as EventBody,
      node: type === 'phase' ? 'harness' : type.startsWith('server') ? 'server' : node,
      wait: wait * 5000,
    }
  })

/**
 * Generates histories of valid events in any order, plausible or not: a broken client, a broken
 * server or a truncated file may produce them.
 */
export const anyHistory: fc.Arbitrary<History> = fc
  .record({
    events: fc.array(event, { maxLength: 60 }),
    capabilities: fc.constantFrom(FULL, MINIMAL, { ...FULL, outbox: false }),
    policy: fc.constantFrom('server-wins', 'last-write-wins', 'unheard-of'),
  })
  .map(({ events, capabilities, policy }) => {
    let t = 0
    const stamped = events.map(({ body, node, wait }, seq): Event => {
      t += wait
      return { ...body, seq, t, node }
    })
    const { head } = tinyHistory({ capabilities, policy }).build()
    // Reading it back from the file format drops undefined fields and rejects invalid events.
    return History.parse(new History(head, stamped).toJsonl(), 'any history')
  })
