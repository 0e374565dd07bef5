import type { Exercised } from '../core/exercise.ts'
import type { History } from '../core/history.ts'

type What = keyof Exercised

/** From when on a response counts as delayed, in scenario milliseconds. */
const DELAYED = 2000

/** What a run really did, counted from its history alone. */
export function measure(history: History): Readonly<Record<What, number>> {
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
        response?.outcome === 'response' && response.t - request.t >= DELAYED,
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
      isStruck(history, device, invoke.seq),
    ).length,
    deviceRestarts: history.devices.reduce((sum, device) => sum + restarts(device), 0),
    serverRestarts: restarts('server'),
  }
}

/** A fault held on the device when this event was recorded. */
function isStruck(history: History, device: string, seq: number): boolean {
  const holding = new Set<number>()
  for (const fault of history.of('fault')) {
    if (fault.seq > seq) break
    if (!fault.nodes.includes(device)) continue
    if (fault.on) holding.add(fault.id)
    else holding.delete(fault.id)
  }
  return holding.size > 0
}
