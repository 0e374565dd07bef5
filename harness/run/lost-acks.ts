import type { History } from '../core/history.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { isSuccess } from '../invariants/reading/success.ts'

/**
 * Returns the requests whose acknowledgement was lost: they carried a write, by its marker; the
 * server responded with success, or had the write and died before it could respond; and the sender
 * never got this response. Deletions carry no marker, and polls no write: both do not count.
 */
export function lostAcks(history: History): RequestTrip[] {
  const replaced = replacedRequests(history)
  return history.requests.filter(
    (trip) =>
      trip.request.opIds.length > 0 &&
      (trip.responded ? isAck(trip) : diedWithWrite(history, trip)) &&
      (replaced.has(trip.requestId) || !hasArrived(trip)),
  )
}

/** Returns the requests to which the gateway responded after the server had. */
function replacedRequests(history: History): ReadonlySet<string> {
  return new Set(
    history
      .of('intercepted')
      .filter(({ act, moment }) => act === 'respond' && moment === 'after')
      .map(({ requestId }) => requestId),
  )
}

/** Returns true if the server reported success, and did not refuse everything in the request. */
function isAck({ responded, outcomes }: RequestTrip): boolean {
  if (!responded || responded.status < 200 || responded.status >= 300) return false
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

/** Returns true if the sender got the server's response, or one of the same status. */
function hasArrived({ response, responded }: RequestTrip): boolean {
  return response?.outcome === 'response' && response.status === responded?.status
}
