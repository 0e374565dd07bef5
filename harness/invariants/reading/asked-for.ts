import type { RequestTrip } from '../../core/request-trip.ts'

/**
 * Returns true if the response to the previous attempt asked for this one: it had a Retry-After in
 * seconds, and the attempt waited for that long.
 */
export function isAskedFor({ request }: RequestTrip, previous: RequestTrip | undefined): boolean {
  const response = previous?.response
  const seconds = Number(response?.headers?.['retry-after'])
  return response !== undefined && seconds > 0 && request.t >= response.t + seconds * 1000
}
