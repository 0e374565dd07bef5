import type { EventOf } from './event.ts'
import { groupBy } from './group.ts'
import type { Operation } from './operation.ts'
import type { OperationIds, RequestEvents } from './operation-ids.ts'
import type { RequestTrip } from './request-trip.ts'

interface JoinInput extends RequestEvents {
  readonly requests: readonly RequestTrip[]
}

/** Gathers the events of each invoked operation; `ids` decides which event belongs to which. */
export function joinOperations(history: JoinInput, ids: OperationIds): Operation[] {
  const users = new Map(history.head.scenario.devices.map((device) => [device.name, device.user]))
  const saved = firstOfEach(history.of('saved'))
  const refused = firstOfEach(history.of('refused'))
  const settled = firstOfEach(history.of('settled'))
  const localCommits = groupBy(history.of('localCommit'), (event) => event.opId)
  const outcomes = groupBy(history.of('serverOutcome'), (event) => ids.ofEvent(event))
  const commits = groupBy(history.of('serverCommit'), (event) => ids.ofEvent(event))
  const acks = groupBy(history.of('ackApplied'), (event) => ids.ofEvent(event))
  const requests = requestsOfEach(history.requests, ids)

  return history.of('invoke').map((invoke) => {
    const { opId, node: device } = invoke
    const local = localCommits.get(opId) ?? []
    const parts = {
      requests: requests.get(opId) ?? [],
      outcomes: outcomes.get(opId) ?? [],
      commits: commits.get(opId) ?? [],
      acks: acks.get(opId) ?? [],
    }
    const reports = present({
      saved: saved.get(opId),
      refused: refused.get(opId),
      settled: settled.get(opId),
      localCommit: local[0],
    })
    const answered = reports.saved ?? reports.refused ?? reports.localCommit
    return {
      opId,
      device,
      user: users.get(device) ?? device,
      action: invoke.action,
      invoke,
      keys: keysOf(opId, local, parts, ids),
      commitsKnown: !ids.isUncertain(opId),
      cutOff: !answered && history.of('crash', device).some((crash) => crash.seq > invoke.seq),
      ...parts,
      ...reports,
    }
  })
}

/** Returns the first event of each operation: a client cannot correct its first report. */
function firstOfEach<Report extends { readonly opId: string }>(
  events: readonly Report[],
): Map<string, Report> {
  const first = new Map<string, Report>()
  for (const event of events) if (!first.has(event.opId)) first.set(event.opId, event)
  return first
}

function requestsOfEach(
  trips: readonly RequestTrip[],
  ids: OperationIds,
): Map<string, RequestTrip[]> {
  const byOp = new Map<string, RequestTrip[]>()
  for (const trip of trips) {
    for (const opId of ids.ofRequest(trip.request)) {
      const known = byOp.get(opId)
      if (known) known.push(trip)
      else byOp.set(opId, [trip])
    }
  }
  return byOp
}

/**
 * Returns the keys under which the device saved the write, those that its requests carried (except
 * keys that the device recorded itself), and those in the server's outcomes.
 */
function keysOf(
  opId: string,
  localCommits: readonly EventOf<'localCommit'>[],
  { requests, outcomes }: Pick<Operation, 'requests' | 'outcomes'>,
  ids: OperationIds,
): string[] {
  const carried = requests.flatMap(({ request }) => request.about ?? [])
  const guessed = carried.filter(({ key }) => ids.ofKey(key) === opId && !ids.isFromDevice(key))
  const decided = outcomes.flatMap(({ key }) => (key === undefined ? [] : [{ key }]))
  return [...new Set([...localCommits, ...guessed, ...decided].map(({ key }) => key))]
}

/** Omits undefined members: an optional member of an Operation is absent, never `undefined`. */
function present<Value extends object>(
  value: Value,
): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof Value]?: Exclude<Value[Name], undefined> }
}
