import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { isSuccessStatus } from '../core/success-status.ts'
import { replacementOf } from '../invariants/reading/responses.ts'
import { isSuccess } from '../invariants/reading/success.ts'

/**
 * Returns the requests whose acknowledgement was lost: they carried a write, by its marker; the
 * server responded with success, or had the write and died before it could respond; and the sender
 * never got this response. Deletions carry no marker, and polls no write: both do not count.
 *
 * Nothing tells which words of the server answer a WebSocket message. Its acknowledgement is lost
 * if the write took effect, and nothing that the server said after the message could arrive.
 */
export function lostAcks(history: History): RequestTrip[] {
  return history.requests.filter(
    (trip) =>
      trip.request.opIds.length > 0 &&
      (trip.request.messageOf === undefined
        ? isLostAck(history, trip)
        : isLostMessage(history, trip)),
  )
}

function isLostAck(history: History, trip: RequestTrip): boolean {
  if (!trip.responded) return diedWithWrite(history, trip)
  return isAck(trip) && isLost(history, trip)
}

function isLostMessage(history: History, trip: RequestTrip): boolean {
  return isStruckAfter(trip) && effects(history, trip).length > 0
}

/** Returns true if the gateway kept the server's response from the sender, or the sender died. */
const isStruckAfter = ({ interceptions }: RequestTrip) =>
  interceptions.some(({ act, moment }) => moment === 'after' && act !== 'delay')

/**
 * Returns true if the sender cannot have got the server's response. One that is still on its way
 * when the history ends is not lost.
 */
function isLost(history: History, trip: RequestTrip): boolean {
  const { device, request, response } = trip
  if (response) return !hasArrived(trip)
  return isStruckAfter(trip) || history.of('crash', device).some(({ seq }) => seq > request.seq)
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
 * took effect in between: a commit before the crash, or one that was found after it.
 */
function diedWithWrite(history: History, trip: RequestTrip): boolean {
  const { received } = trip
  const crash = received && history.of('crash', 'server').find(({ seq }) => seq > received.seq)
  if (!crash) return false
  return effects(history, trip).some(({ seq, recovered }) => seq < crash.seq || recovered === true)
}

/**
 * Returns the commits of the request's writes after its arrival. Once another request with the
 * write has arrived, a commit may be that one's.
 */
function effects(history: History, { request, received }: RequestTrip): EventOf<'serverCommit'>[] {
  if (!received) return []
  return request.opIds.flatMap((opId) => {
    const { commits = [], requests = [] } = history.operation(opId) ?? {}
    const next = requests.find((other) => other.received && other.received.seq > received.seq)
    const untilSeq = next?.received?.seq ?? Number.POSITIVE_INFINITY
    return commits.filter(({ seq }) => seq > received.seq && seq < untilSeq)
  })
}
