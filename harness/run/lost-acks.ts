import type { History } from '../core/history.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { isSuccessStatus } from '../core/success-status.ts'
import { replacementOf } from '../invariants/reading/responses.ts'
import { isSuccess } from '../invariants/reading/success.ts'

/**
 * Returns the requests whose acknowledgement was lost: they carried a write, by its marker; the
 * server responded with success, or had the write and died before it could respond; and the sender
 * never got this response. Deletions carry no marker, and polls no write: both do not count.
 */
export function lostAcks(history: History): RequestTrip[] {
  return history.requests.filter(
    (trip) =>
      trip.request.opIds.length > 0 &&
      (trip.responded ? isAck(trip) && isLost(history, trip) : diedWithWrite(history, trip)),
  )
}

/**
 * Returns true if the sender cannot have got the server's response. One that is still on its way
 * when the history ends is not lost.
 */
function isLost(history: History, trip: RequestTrip): boolean {
  const { device, request, response, interceptions } = trip
  if (response) return !hasArrived(trip)
  return (
    interceptions.some(({ act, moment }) => moment === 'after' && act !== 'delay') ||
    history.of('crash', device).some(({ seq }) => seq > request.seq)
  )
}

/**
 * Returns true if the sender got the server's response: its status, or after a replacement its body
 * with another success.
 */
function hasArrived(trip: RequestTrip): boolean {
  const { response, responded } = trip
  if (response?.outcome !== 'response') return false
  const replacement = replacementOf(trip)
  if (!replacement) return response.status === responded?.status
  return replacement.body === 'kept' && isSuccessStatus(response.status)
}

/** Returns true if the server reported success, and did not refuse everything in the request. */
function isAck({ responded, outcomes }: RequestTrip): boolean {
  if (!isSuccessStatus(responded?.status)) return false
  return outcomes.length === 0 || outcomes.some(isSuccess)
}

/**
 * Returns true if the server died between the request and its response, and a write of the request
 * took effect in between: a commit before the crash, or one that was found after it. Once another
 * request with the write has arrived, the commit may be that one's.
 */
function diedWithWrite(history: History, { request, received }: RequestTrip): boolean {
  if (!received) return false
  const crash = history.of('crash', 'server').find(({ seq }) => seq > received.seq)
  if (!crash) return false
  return request.opIds.some((opId) => {
    const { commits = [], requests = [] } = history.operation(opId) ?? {}
    const next = requests.find((other) => other.received && other.received.seq > received.seq)
    const untilSeq = next?.received?.seq ?? Number.POSITIVE_INFINITY
    return commits.some(
      ({ seq, recovered }) =>
        seq > received.seq && seq < untilSeq && (seq < crash.seq || recovered === true),
    )
  })
}
