import type { Exercised } from '../core/exercise.ts'
import type { History } from '../core/history.ts'
import { isOwed } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'

/** A response counts as delayed if it takes this many scenario milliseconds or more. */
const DELAYED_FROM_MS = 2000

/** A response to a write counts as late if it arrives this many scenario milliseconds or more. */
const LATE_FROM_MS = 10_000

/** Counts from a history alone what a run exercised, for each value that `exercised` can demand. */
export const MEASURES: Readonly<Record<keyof Exercised, (history: History) => number>> = {
  serverCommits: (history) => history.of('serverCommit').length,
  failedRequests: (history) => failed(history).length,
  refusedRequests: (history) =>
    failed(history).filter(({ response }) => response?.outcome === 'refused').length,
  lostAcks: ({ requests }) => requests.filter(isLostAck).length,
  lostResponses: ({ requests }) =>
    requests.filter(({ responded, response }) => responded && response?.outcome !== 'response')
      .length,
  lostRequests: ({ requests }) =>
    requests.filter(({ received, response }) => !received && response?.outcome !== 'refused')
      .length,
  replacedResponses: (history) => replaced(history).length,
  lateAcks: ({ requests }) => requests.filter(isLateAck).length,
  delayedResponses: ({ requests }) =>
    requests.filter(
      ({ request, response }) =>
        response?.outcome === 'response' && response.t - request.t >= DELAYED_FROM_MS,
    ).length,
  retriedOperations: ({ operations }) =>
    operations.filter(({ requests }) => requests.length > 1).length,
  duplicatesRecognised: (history) =>
    history.of('serverOutcome').filter(({ outcome }) => outcome === 'duplicate').length,
  conflicts: (history) =>
    history
      .of('serverOutcome')
      .filter(
        ({ outcome, base, head }) =>
          outcome !== 'duplicate' && base !== undefined && head !== undefined && base !== head,
      ).length,
  actionsUnderFault: (history) =>
    history.operations.filter(({ device, invoke }) => isUnderFault(history, device, invoke.seq))
      .length,
  deviceRestarts: (history) =>
    history.devices.reduce((sum, device) => sum + restarts(history, device), 0),
  serverRestarts: (history) => restarts(history, 'server'),
}

/** Returns true if the server responded to a marked write, and the sender got nothing of it. */
function isLostAck({ request, responded, response }: RequestTrip): boolean {
  if (request.opIds.length === 0 || !responded || responded.status >= 300) return false
  return response?.outcome !== 'response' || response.status !== responded.status
}

/** Returns true if the server responded to a marked write in time, and its sender got that late. */
function isLateAck(trip: RequestTrip): boolean {
  const { request, responded, response } = trip
  if (request.opIds.length === 0 || !responded || !response) return isLostAck(trip)
  return isLostAck(trip) || response.t - responded.t >= LATE_FROM_MS
}

/** The replaced responses that a device got while a write of it had not taken effect. */
function replaced(history: History): RequestTrip[] {
  const changed = new Set(
    history
      .of('intercepted')
      .flatMap(({ act, requestId }) => (act === 'respond' ? [requestId] : [])),
  )
  return history.requests.filter(
    ({ requestId, device, request, response }) =>
      changed.has(requestId) &&
      response?.outcome === 'response' &&
      (request.opIds.length > 0 || hasWaitingWrite(history, device, request.seq)),
  )
}

/** Returns true if a write of the device had not taken effect when the event `seq` was recorded. */
const hasWaitingWrite = (history: History, device: string, seq: number) =>
  history.operations.some(
    (operation) =>
      operation.device === device &&
      operation.invoke.seq < seq &&
      isOwed(operation) &&
      !operation.commits.some((commit) => commit.seq < seq),
  )

const failed = ({ requests }: History) =>
  requests.filter(({ response }) => response && response.outcome !== 'response')

const restarts = (history: History, node: string) =>
  history.of('start', node).filter((start) => start.incarnation > 1).length

/** Returns true if a fault held on the device when the event `seq` was recorded. */
function isUnderFault(history: History, device: string, seq: number): boolean {
  const held = new Set<number>()
  for (const fault of history.of('fault')) {
    if (fault.seq > seq) break
    if (!fault.nodes.includes(device)) continue
    if (fault.on) held.add(fault.id)
    else held.delete(fault.id)
  }
  return held.size > 0
}
