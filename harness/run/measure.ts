import type { Exercised } from '../core/exercise.ts'
import type { History } from '../core/history.ts'

/** A response counts as delayed if it takes this many scenario milliseconds or more. */
const DELAYED_FROM_MS = 2000

/** Counts from its history alone what a run exercised: all values that `exercised` can demand. */
export function measure(history: History): Readonly<Record<keyof Exercised, number>> {
  const trips = history.requests
  const failed = trips.filter(({ response }) => response && response.outcome !== 'response')
  const restarts = (node: string) =>
    history.of('start', node).filter((start) => start.incarnation > 1).length
  return {
    serverCommits: history.of('serverCommit').length,
    failedRequests: failed.length,
    refusedRequests: failed.filter(({ response }) => response?.outcome === 'refused').length,
    lostResponses: trips.filter(
      ({ responded, response }) => responded && response?.outcome !== 'response',
    ).length,
    lostRequests: trips.filter(
      ({ received, response }) => !received && response?.outcome !== 'refused',
    ).length,
    delayedResponses: trips.filter(
      ({ request, response }) =>
        response?.outcome === 'response' && response.t - request.t >= DELAYED_FROM_MS,
    ).length,
    retriedOperations: history.operations.filter(({ requests }) => requests.length > 1).length,
    duplicatesRecognised: history
      .of('serverOutcome')
      .filter(({ outcome }) => outcome === 'duplicate').length,
    conflicts: history
      .of('serverOutcome')
      .filter(
        ({ outcome, base, head }) =>
          outcome !== 'duplicate' && base !== undefined && head !== undefined && base !== head,
      ).length,
    actionsUnderFault: history.operations.filter(({ device, invoke }) =>
      isUnderFault(history, device, invoke.seq),
    ).length,
    deviceRestarts: history.devices.reduce((sum, device) => sum + restarts(device), 0),
    serverRestarts: restarts('server'),
  }
}

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
