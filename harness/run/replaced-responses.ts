import type { History } from '../core/history.ts'
import { isOwed } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'

/** The replaced responses that a device got while a write of it had not taken effect. */
export function replacedResponses(history: History): RequestTrip[] {
  const replaced = new Set(
    history
      .of('intercepted')
      .flatMap(({ act, requestId }) => (act === 'respond' ? [requestId] : [])),
  )
  return history.requests.filter(
    ({ requestId, device, request, response }) =>
      replaced.has(requestId) &&
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
