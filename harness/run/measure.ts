import type { Exercised } from '../core/exercise.ts'
import type { History } from '../core/history.ts'
import { isFailure } from '../core/request-failure.ts'
import { tellsHoldings } from '../invariants/reading/holdings.ts'
import { lateAcks } from './late-acks.ts'
import { lostAcks } from './lost-acks.ts'
import { derivedCommits, derivedConflicts, derivedDuplicates } from './measure-holdings.ts'
import { replacedResponses } from './replaced-responses.ts'

/** A response counts as delayed if it takes this many scenario milliseconds or more. */
const DELAYED_FROM_MS = 2000

/** Counts from a history alone what a run exercised, for each value that `exercised` can demand. */
export const MEASURES: Readonly<Record<keyof Exercised, (history: History) => number>> = {
  serverCommits: (history) =>
    tellsHoldings(history) ? derivedCommits(history) : history.of('serverCommit').length,
  failedRequests: (history) => failed(history).length + brokenSockets(history),
  refusedRequests: (history) =>
    failed(history).filter(({ response }) => response?.outcome === 'refused').length,
  lostAcks: (history) => lostAcks(history).length,
  unheardResponses: (history) => failed(history).filter(({ responded }) => responded).length,
  lostRequests: ({ requests }) =>
    requests.filter(({ received, response }) => !received && response?.outcome !== 'refused')
      .length,
  replacedResponses: (history) => replacedResponses(history).length,
  lateAcks: (history) => lateAcks(history).length,
  delayedResponses: (history) =>
    history.requests.filter(
      ({ device, request, response }) =>
        (response?.outcome === 'response' && response.t - request.t >= DELAYED_FROM_MS) ||
        // No response belongs to a message; but the fault holds on its connection, both ways.
        (request.messageOf !== undefined && isUnderFault(history, device, request.seq)),
    ).length,
  duplicatesRecognised: (history) => {
    if (tellsHoldings(history)) return derivedDuplicates(history)
    return history.of('serverOutcome').filter(({ outcome }) => outcome === 'duplicate').length
  },
  conflicts: (history) => {
    if (tellsHoldings(history)) return derivedConflicts(history)
    return history
      .of('serverOutcome')
      .filter(
        ({ outcome, base, head }) =>
          outcome !== 'duplicate' && base !== undefined && head !== undefined && base !== head,
      ).length
  },
  actionsUnderFault: (history) =>
    history.operations.filter(({ device, invoke }) => isUnderFault(history, device, invoke.seq))
      .length,
  deviceRestarts: (history) =>
    history.devices.reduce((sum, device) => sum + restarts(history, device), 0),
  serverRestarts: (history) => restarts(history, 'server'),
}

const failed = ({ requests }: History) =>
  requests.filter(({ response }) => isFailure(response?.outcome))

/**
 * Counts the WebSocket connections that an app opened in the place of an earlier one, since its
 * first fault: nothing else tells that the earlier one broke.
 */
function brokenSockets(history: History): number {
  return history.devices.reduce((sum, device) => {
    const fault = history.of('fault').find(({ nodes }) => nodes.includes(device))
    const starts = history.of('start', device)
    const upgrades = history.requests.filter(
      (trip) => trip.device === device && trip.response?.status === 101,
    )
    const reopened = upgrades.filter(({ request }, i) => {
      const before = upgrades[i - 1]?.request
      const isSameApp = !starts.some(({ seq }) => before && seq > before.seq && seq < request.seq)
      return before?.path === request.path && isSameApp && fault && fault.seq < request.seq
    })
    return sum + reopened.length
  }, 0)
}

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
