/**
 * Hybrid logical clock (Kulkarni, Demirbas et al., "Logical Physical Clocks", 2014): stamps
 * near wall time that never decrease and order a write after everything that its writer had seen.
 *
 * A stamp is a text, and texts sort in the order of their clocks: 15 digits of milliseconds, 5
 * digits of a counter, then the node's name to break ties, as in `001767254400000:00002:ana`.
 *
 * @module
 */

/** The state of a node's clock: the latest time that it has issued or seen. */
export interface Hlc {
  readonly ms: number
  readonly counter: number
}

const LAST_COUNTER = 99_999

/** Returns the time of a new write: later than `last`, and near `wall` if possible. */
export function tick(last: Hlc, wall: number): Hlc {
  if (wall > last.ms) return { ms: wall, counter: 0 }
  // A sixth digit would break the order of the texts: advance by 1 ms instead.
  return last.counter < LAST_COUNTER
    ? { ms: last.ms, counter: last.counter + 1 }
    : { ms: last.ms + 1, counter: 0 }
}

/** Returns the clock's state after it has seen the stamp of another node. */
export function witness(last: Hlc, seen: Hlc): Hlc {
  return seen.ms > last.ms || (seen.ms === last.ms && seen.counter > last.counter) ? seen : last
}

export function formatStamp({ ms, counter }: Hlc, node: string): string {
  const digits = String(Math.max(0, Math.floor(ms))).padStart(15, '0')
  return `${digits}:${String(counter).padStart(5, '0')}:${node}`
}

/** Returns undefined for an invalid stamp. */
export function parseStamp(stamp: string): (Hlc & { readonly node: string }) | undefined {
  const parts = /^(\d{15}):(\d{5}):(.*)$/.exec(stamp)
  return parts
    ? { ms: Number(parts[1]), counter: Number(parts[2]), node: parts[3] as string }
    : undefined
}

/** Returns a negative number if `a` is earlier than `b`, for sorting. */
export function compareStamps(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
