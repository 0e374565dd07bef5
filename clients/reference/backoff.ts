import type { Random } from '../../harness/core/random.ts'

/**
 * Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): any span up to the bound, so that many
 * clients that failed together do not come back together. `failures` counts from 1. The rate is capped, never the count.
 */
export function fullJitter(
  random: Random,
  failures: number,
  { initial, cap }: { readonly initial: number; readonly cap: number },
): number {
  return random.next() * Math.min(cap, initial * 2 ** Math.min(failures - 1, 40))
}

/** The milliseconds a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3). Undefined when it says nothing we can read. */
export function retryAfter(header: string | undefined, wall: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - wall)
}
