import type { Random } from '../../harness/core/random.ts'

/**
 * Draws the milliseconds to wait before the next attempt: exponential backoff with full jitter
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Draws from the whole
 * span below the bound, so that clients that failed together do not retry together.
 *
 * @param failures consecutive failures, from 1. The wait is capped, the number of retries is not.
 */
export function fullJitter(
  random: Random,
  failures: number,
  { initialMs, capMs }: { readonly initialMs: number; readonly capMs: number },
): number {
  return random.next() * Math.min(capMs, initialMs * 2 ** Math.min(failures - 1, 40))
}

/**
 * Parses a Retry-After header, seconds or a date (RFC 9110, 10.2.3), into milliseconds. Returns
 * undefined if it is absent or invalid.
 */
export function retryAfter(header: string | undefined, wall: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - wall)
}
