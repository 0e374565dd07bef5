/**
 * Hybrid logical clock (Kulkarni, Demirbas et al., "Logical Physical Clocks", 2014): stamps near wall time that never go back and
 * order a write after everything its writer had seen. As text they sort as they compare: 15 digits of milliseconds, 5 of a counter,
 * then the node's name to break ties.
 */
export interface Hlc {
  readonly ms: number
  readonly counter: number
}

const LAST_COUNTER = 99_999

/** The stamp for a write made now by `node`, after everything `last` has seen. */
export function tick(last: Hlc, wall: number): Hlc {
  if (wall > last.ms) return { ms: wall, counter: 0 }
  // A sixth digit would no longer sort: run ahead of the wall by a millisecond instead.
  return last.counter < LAST_COUNTER
    ? { ms: last.ms, counter: last.counter + 1 }
    : { ms: last.ms + 1, counter: 0 }
}

/** What a clock has seen after a stamp of another node came in. */
export function witness(last: Hlc, seen: Hlc): Hlc {
  return seen.ms > last.ms || (seen.ms === last.ms && seen.counter > last.counter) ? seen : last
}

export function formatStamp({ ms, counter }: Hlc, node: string): string {
  return `${String(Math.max(0, Math.floor(ms))).padStart(15, '0')}:${String(counter).padStart(5, '0')}:${node}`
}

/** Undefined for a text that is no stamp. */
export function parseStamp(stamp: string): (Hlc & { readonly node: string }) | undefined {
  const parts = /^(\d{15}):(\d{5}):(.*)$/.exec(stamp)
  return parts
    ? { ms: Number(parts[1]), counter: Number(parts[2]), node: parts[3] as string }
    : undefined
}

/** Negative when `a` is before `b`. */
export function compareStamps(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
