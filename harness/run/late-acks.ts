import type { History } from '../core/history.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { lostAcks } from './lost-acks.ts'

/** A response to a write counts as late if it arrives this many scenario milliseconds or more. */
const LATE_FROM_MS = 10_000

/** The server's responses to marked writes that their sender got late, or never. */
export function lateAcks(history: History): RequestTrip[] {
  const lost = new Set(lostAcks(history))
  return history.requests.filter((trip) => lost.has(trip) || isLate(trip))
}

function isLate({ request, responded, response }: RequestTrip): boolean {
  if (request.opIds.length === 0 || !responded || !response) return false
  return response.t - responded.t >= LATE_FROM_MS
}
