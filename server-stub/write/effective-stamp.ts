import { formatStamp, parseStamp, tick } from '../protocol/hlc.ts'

/**
 * The most by which a stamp may be ahead of the server's wall clock: a device whose clock is a year
 * ahead must not win conflicts for a year.
 */
export const CLAMP_MS = 60_000

/**
 * Returns the stamp with which a write is compared: as sent, or clamped if it is too far in the
 * future. Undefined for an invalid stamp.
 */
export function effectiveStamp(sent: string, wall: number): string | undefined {
  const parsed = parseStamp(sent)
  if (!parsed) return undefined
  const latestMs = Math.floor(wall) + CLAMP_MS
  return parsed.ms > latestMs ? formatStamp({ ms: latestMs, counter: 0 }, parsed.node) : sent
}

/**
 * Returns the stamp to store for a write whose writer had seen the version stamped `seen`: always
 * later than `seen`, even if the writer's clock is slow.
 */
export function successorStamp(effective: string, seen: string): string {
  const [mine, theirs] = [parseStamp(effective), parseStamp(seen)]
  if (!mine || !theirs) return effective
  const least = formatStamp(tick(theirs, -1), mine.node)
  return effective > least ? effective : least
}
