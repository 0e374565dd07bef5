import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { isRecordedConflict } from './conflict-records.ts'
import { tellsHoldings } from './holdings.ts'
import { recordOf } from './record-name.ts'
import { isRefusalStatus, isReplaced, mayHaveReachedServer } from './responses.ts'

/**
 * Returns whether a failure of the operation has a reason that the client did not make up: the
 * server refused it; a rule failed it that the client declares; or an earlier write of the device
 * to the record, on which it was made, was refused or lost. Undefined if the history does not tell:
 * the device's requests are not observed, or the server does not report what it decides.
 */
export function hasReasonToFail(history: History, operation: Operation): boolean | undefined {
  const { localRules = [] } = history.head.client.capabilities
  const reason = operation.settled?.reason
  if (reason !== undefined && localRules.includes(reason)) return true
  if (wasRefused(history, operation)) return true
  if (dependsOnRefused(history, operation)) return true
  if (history.of('request', operation.device).length === 0) return undefined
  const maySayMore = history.of('serverOutcome').length === 0
  const isAnswered =
    answersTo(history, operation).length > 0 ||
    operation.requests.some(({ request }) => request.messageOf !== undefined)
  return maySayMore && isAnswered ? undefined : false
}

/** Returns true if an earlier write of the device to the record was refused. */
export function dependsOnRefused(history: History, operation: Operation): boolean {
  return history.operations.some(
    (other) =>
      other.device === operation.device &&
      recordOf(other) === recordOf(operation) &&
      other.invoke.seq < operation.invoke.seq &&
      wasRefused(history, other),
  )
}

/** Returns true if the server rejected the write, or lets another one win. */
function wasRefused(history: History, operation: Operation): boolean {
  return (
    operation.outcomes.some(({ outcome }) => outcome === 'rejected' || outcome === 'conflict') ||
    (tellsHoldings(history) && isRecordedConflict(history, operation)) ||
    answersTo(history, operation).some(isRefusalStatus)
  )
}

/**
 * Returns the statuses with which the server itself answered requests with the write, if the device
 * got any response to them. A gateway's status in the place of the server's is not among them.
 */
function answersTo(history: History, { requests }: Operation): number[] {
  return requests.flatMap((trip) => {
    const { response, responded } = trip
    if (response?.outcome !== 'response' || !mayHaveReachedServer(history, trip)) return []
    const status = isReplaced(trip) ? responded?.status : (response.status ?? 200)
    return status === undefined ? [] : [status]
  })
}
