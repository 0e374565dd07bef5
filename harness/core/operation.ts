import type { Action, WriteAction } from './action.ts'
import type { EventOf } from './event.ts'
import type { Events } from './events.ts'
import { groupBy } from './group.ts'
import { withoutMark } from './mark.ts'
import type { RequestTrip } from './request-trip.ts'
import type { Scenario } from './scenario.ts'

/**
 * One thing a person did, with everything that came of it. Joined by the marker in the payload where there is one, else by the
 * idempotency key.
 */
export interface Operation {
  readonly op: string
  readonly device: string
  readonly user: string
  readonly action: Action
  readonly invoke: EventOf<'invoke'>
  readonly saved?: EventOf<'saved'>
  readonly refused?: EventOf<'refused'>
  readonly settled?: EventOf<'settled'>
  readonly localCommit?: EventOf<'localCommit'>
  /** Every idempotency key seen with it, each once, in order of appearance. */
  readonly keys: readonly string[]
  /** The requests that carried it. */
  readonly requests: readonly RequestTrip[]
  readonly outcomes: readonly EventOf<'serverOutcome'>[]
  /** Its effects on the server. */
  readonly commits: readonly EventOf<'serverCommit'>[]
  readonly acks: readonly EventOf<'ackApplied'>[]
  /** The device died before it said that it had taken the action: nobody can hold the client to it. */
  readonly cutOff: boolean
}

export const isWrite = (action: Action): action is WriteAction =>
  action.type === 'create' || action.type === 'update' || action.type === 'delete'

/** The client owes the person this write: it said so, or it swallowed the action without refusing it. */
export function isOwed(operation: Operation): boolean {
  if (!isWrite(operation.action) || operation.refused) return false
  return operation.saved !== undefined || operation.localCommit !== undefined || !operation.cutOff
}

/** "ana's message 'See you'", for findings. */
export function describe(operation: Operation): string {
  const { action, device } = operation
  if (!isWrite(action)) return `${device}'s ${action.type} (${operation.op})`
  const thing = action.collection.replace(/s$/, '')
  if (action.type === 'delete')
    return `${device}'s deletion of ${thing} ${action.record} (${operation.op})`
  const text = withoutMark(String(action.content.text ?? ''))
  const verb = action.type === 'update' ? `edit of ${thing} ${action.record}` : thing
  return `${device}'s ${verb} '${text.length > 60 ? `${text.slice(0, 60)}…` : text}' (${operation.op})`
}

/** What the joins read of a history. */
interface Told extends Events {
  readonly head: { readonly scenario: Scenario }
  readonly requests: readonly RequestTrip[]
}

export function joinOperations(history: Told): Operation[] {
  const opOfKey = new Map<string, string>()
  for (const event of history.of('localCommit')) opOfKey.set(event.key, event.op)
  for (const event of [...history.of('serverOutcome'), ...history.of('serverCommit')]) {
    if (event.key !== undefined && event.op !== undefined && !opOfKey.has(event.key))
      opOfKey.set(event.key, event.op)
  }
  // A key that never reached the server is told by a request of one key and one marker: a client that mints a new one for each try shows there.
  for (const { request } of history.requests) {
    const [only, ...others] = request.about ?? []
    const [op, ...otherOps] = request.ops
    if (only && op !== undefined && others.length + otherOps.length === 0 && !opOfKey.has(only.key))
      opOfKey.set(only.key, op)
  }
  const byMark = (event: { readonly op?: string | undefined; readonly key?: string | undefined }) =>
    event.op ?? (event.key === undefined ? undefined : opOfKey.get(event.key))

  const saved = firstOfEach(history.of('saved'))
  const refused = firstOfEach(history.of('refused'))
  const settled = firstOfEach(history.of('settled'))
  const localCommits = groupBy(history.of('localCommit'), (event) => event.op)
  const outcomes = groupBy(history.of('serverOutcome'), byMark)
  const commits = groupBy(history.of('serverCommit'), byMark)
  // A client that keeps one outbox row per record uses one key for several writes: the revision tells which one an ack is for.
  const sharing = groupBy(history.of('localCommit'), (event) => event.key)
  const acks = groupBy(
    history.of('ackApplied'),
    ({ key, rev }) =>
      (sharing.get(key)?.find((event) => event.rev === rev) ?? { op: opOfKey.get(key) }).op,
  )
  const carried = new Map<string, RequestTrip[]>()
  for (const trip of history.requests) {
    const ops = new Set(trip.request.ops)
    for (const { key } of trip.request.about ?? []) {
      const writes = sharing.get(key) ?? []
      if (writes.some(({ op }) => ops.has(op))) continue
      const op = writes.findLast(({ seq }) => seq < trip.request.seq)?.op ?? opOfKey.get(key)
      if (op !== undefined) ops.add(op)
    }
    for (const op of ops) {
      const trips = carried.get(op)
      if (trips) trips.push(trip)
      else carried.set(op, [trip])
    }
  }
  const users = new Map(history.head.scenario.devices.map((device) => [device.name, device.user]))

  return history.of('invoke').map((invoke) => {
    const { op, node: device } = invoke
    const committed = localCommits.get(op) ?? []
    const [localCommit, save, refusal, end] = [
      committed[0],
      saved.get(op),
      refused.get(op),
      settled.get(op),
    ]
    const [mine, requests] = [outcomes.get(op) ?? [], carried.get(op) ?? []]
    const keys = new Set(committed.map((event) => event.key))
    for (const trip of requests) {
      for (const { key } of trip.request.about ?? [])
        if (opOfKey.get(key) === op && !sharing.has(key)) keys.add(key)
    }
    for (const event of mine) if (event.key !== undefined) keys.add(event.key)
    return {
      op,
      device,
      user: users.get(device) ?? device,
      action: invoke.action,
      invoke,
      keys: [...keys],
      requests,
      outcomes: mine,
      commits: commits.get(op) ?? [],
      acks: acks.get(op) ?? [],
      cutOff:
        !save &&
        !localCommit &&
        !refusal &&
        history.of('crash', device).some((crash) => crash.seq > invoke.seq),
      ...(save && { saved: save }),
      ...(refusal && { refused: refusal }),
      ...(end && { settled: end }),
      ...(localCommit && { localCommit }),
    }
  })
}

/** The first event of each operation: what was said first binds. */
function firstOfEach<Said extends { readonly op: string }>(
  events: readonly Said[],
): Map<string, Said> {
  const first = new Map<string, Said>()
  for (const event of events) if (!first.has(event.op)) first.set(event.op, event)
  return first
}
