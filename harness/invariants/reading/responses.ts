import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { mayCarry } from './sending.ts'

type Response = EventOf<'response'>

/** Statuses that a server uses to say that a request is wrong, or that its effect is there. */
const DECISIONS: ReadonlySet<number> = new Set([400, 404, 405, 409, 410, 412, 413, 415, 422])

/** Returns true if the response is a server's refusal of the request itself. */
export function isRefusal(response: Response | undefined): boolean {
  return response?.outcome === 'response' && isRefusalStatus(response.status ?? 200)
}

export function isRefusalStatus(status: number): boolean {
  return DECISIONS.has(status) || status === 403
}

/**
 * Returns true if the request failed, or if its response is about something else than its content:
 * a fault of the server, a redirection, a missing right, too many requests.
 */
export function saysNothing(response: Response | undefined): boolean {
  return response?.outcome !== 'response' || isUninformative(response.status ?? 200)
}

const isUninformative = (status: number) => status >= 300 && !DECISIONS.has(status)

/**
 * Returns whether a response could have told the device what became of the operation before this
 * event: 'some', 'none', or 'unobserved' if the history contains no request of the device. A
 * response can tell only if it came after a request that may have carried the operation. It may
 * belong to any request: a pull returns what was written before.
 */
export function responseBefore(
  history: History,
  operation: Operation,
  { seq }: { readonly seq: number },
): 'some' | 'none' | 'unobserved' {
  const own = history.requests.filter(({ device }) => device === operation.device)
  if (own.length === 0) return 'unobserved'
  const sent = own.find((trip) => trip.request.seq < seq && mayCarry(history, operation, trip))
  if (!sent) return 'none'
  if (own.some((trip) => mayGoOnTelling(trip, seq))) return 'unobserved'
  const isAnswered = own.some(
    (trip) =>
      trip.response !== undefined &&
      trip.response.seq > sent.request.seq &&
      trip.response.seq < seq &&
      mayTell(history, trip),
  )
  return isAnswered ? 'some' : 'none'
}

/**
 * Returns true if the request had opened, by this event, a connection on which the server can say
 * anything at any time: an event stream or a WebSocket. What it says is not recorded.
 */
export function mayGoOnTelling({ response }: RequestTrip, seq: number): boolean {
  return response?.goesOn === true && response.seq < seq
}

/**
 * Returns true if the response may tell its device what the server did. It does not if it reports a
 * fault, if the request never reached the server, or if a page came in the place of what the server
 * responded. An empty or a cut body does not count against a client: a status may be all that its
 * server sends. A body that the gateway kept is the server's, whatever the status.
 */
export function mayTell(history: History, trip: RequestTrip): boolean {
  const { response, responded } = trip
  if (response?.outcome !== 'response') return false
  const { moment, body } = replacementOf(trip) ?? {}
  if (moment === 'before' || body === 'html' || body === 'other') return false
  const isTold = body === 'kept' && responded !== undefined && !isUninformative(responded.status)
  if (saysNothing(response) && !isTold) return false
  return mayHaveReachedServer(history, trip)
}

/** Returns false if somebody else must have answered, such as a captive portal. */
export function mayHaveReachedServer(history: History, trip: RequestTrip): boolean {
  const { received, responded, outcomes } = trip
  const isObserved = history.of('serverReceived').length > 0
  return !isObserved || received !== undefined || responded !== undefined || outcomes.length > 0
}

/**
 * Returns true if the gateway sent a response in the place of the server's. The server's own body
 * with its own status is the server's response.
 */
export function isReplaced(trip: RequestTrip): boolean {
  const replacement = replacementOf(trip)
  if (!replacement) return false
  return replacement.body !== 'kept' || trip.response?.status !== trip.responded?.status
}

/** Returns the record of the gateway's response in the place of the server's. */
export const replacementOf = ({ interceptions }: RequestTrip) =>
  interceptions.find(({ act }) => act === 'respond')
