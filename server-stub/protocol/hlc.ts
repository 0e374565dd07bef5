/**
 * Hybrid logical clock (Kulkarni, Demirbas et al., "Logical Physical Clocks", 2014): stamps near
 * wall time that never go back and order a write after everything its writer had seen.
 *
 * A stamp is a text that sorts in the order of comparison: 15 digits of milliseconds, 5 digits of a
 * counter, then the node's name to break ties, as in `001767254400000:00002:ana`.
 *
 * @module
 */
/** The state of a node's clock: the latest time it has given or seen. */
export interface Hlc {
  readonly ms: number
  readonly counter: number
}

const LAST_COUNTER = 99_999

/** The time of a new write: later than `last`, and near `wall` if possible. */
export function tick(last: Hlc, wall: number): Hlc {
  if (wall > last.ms) return { ms: wall, counter: 0 }
  // A sixth digit would break the order of texts: run ahead of the wall clock by 1 ms instead.
  return last.counter < LAST_COUNTER
    ? { ms: last.ms, counter: last.counter + 1 }
    : { ms: last.ms + 1, counter: 0 }
}

/** The clock's state after it has seen the stamp of another node. */
export function witness(last: Hlc, seen: Hlc): Hlc {
  return seen.ms > last.ms || (seen.ms === last.ms && seen.counter > last.counter) ? seen : last
}

export function formatStamp({ ms, counter }: Hlc, node: string): string {
  const digits = String(Math.max(0, Math.floor(ms))).padStart(15, '0')
  return `${digits}:${String(counter).padStart(5, '0')}:${node}`
}

/** Undefined for an invalid stamp. */
export function parseStamp(stamp: string): (Hlc & { readonly node: string }) | undefined {
  const parts = /^(\d{15}):(\d{5}):(.*)$/.exec(stamp)
  return parts
    ? { ms: Number(parts[1]), counter: Number(parts[2]), node: parts[3] as string }
    : undefined
}

/** Negative if `a` is earlier than `b`. */
export function compareStamps(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
