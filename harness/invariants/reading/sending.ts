import type { History } from '../../core/history.ts'
import { isWrite, type Operation } from '../../core/operation.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { attempts } from './wording.ts'

/**
 * Returns true if some request carried the operation, or may have carried it: a request whose body
 * shows no marker, or a key that nobody knows. A deletion carries no marker at all.
 *
 * Returns true as well if the history contains no request at all: then the clients reach the server
 * by a way that is not observed.
 */
export function mayHaveBeenSent(history: History, operation: Operation): boolean {
  if (operation.requests.length > 0 || history.requests.length === 0) return true
  return history.requests.some((trip) => mayCarry(history, operation, trip))
}

/** The requests of the operation's device that carried it, or may have carried it. */
export function carriersOf(history: History, operation: Operation): RequestTrip[] {
  return history.requests.filter((trip) => mayCarry(history, operation, trip))
}

/**
 * Returns true if the request carried the operation, or if its device sent it after the invocation
 * and its content is unknown.
 */
export function mayCarry(history: History, operation: Operation, trip: RequestTrip): boolean {
  const { device, request } = trip
  if (device !== operation.device || request.seq <= operation.invoke.seq) return false
  if (operation.requests.includes(trip)) return true
  const { method, opIds, about } = request
  if (['GET', 'HEAD'].includes(method.toUpperCase())) return false
  const hasUnknownKey = about?.some(({ key }) => history.operationOfKey(key) === undefined) ?? false
  const carriesNoMarker = !isWrite(operation.action) || operation.action.type === 'delete'
  if (carriesNoMarker) return about === undefined || hasUnknownKey
  return opIds.length === 0 && (about === undefined || hasUnknownKey)
}

/** "the app tried once (answered 503, at 2 s)", or that the history does not show it. */
export function describeAttempts(history: History, operation: Operation): string {
  const isUnknown = operation.requests.length === 0 && mayHaveBeenSent(history, operation)
  return isUnknown && history.of('request').length > 0
    ? 'whether the app tried to send it is not recorded'
    : `the app ${attempts(operation)}`
}
