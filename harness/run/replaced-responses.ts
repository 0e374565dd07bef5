import type { History } from '../core/history.ts'
import { isOwed } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { replacementOf } from '../invariants/reading/responses.ts'

/** The replaced responses that a device got while a write of it had not taken effect. */
export function replacedResponses(history: History): RequestTrip[] {
  return history.requests.filter((trip) => {
    const { device, request, response } = trip
    return (
      response?.outcome === 'response' &&
      replacementOf(trip) !== undefined &&
      (request.opIds.length > 0 || hasWaitingWrite(history, device, request.seq))
    )
  })
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
