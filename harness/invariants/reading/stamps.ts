import { EPOCH_WALL } from '../../core/time.ts'

/** A stamp with the scenario time at which the server received it. */
export interface Received {
  /** The hybrid logical clock stamp: a text that sorts in the order of comparison. */
  readonly stamp: string | undefined
  /** The latest time at which the server may have received it. */
  readonly t: number
  /** The earliest such time, if it is not known exactly. Default: `t`. */
  readonly earliestT?: number
}

/** The server treats a stamp as at most this far ahead of its wall clock. */
const CLAMP_MS = 60_000
/**
 * The history does not record the server's wall clock to the millisecond: a stamp this close to the
 * clamp is left undecided.
 */
const CLAMP_SLACK_MS = 10_000

/**
 * Compares two stamps as they count: one from the future counts as the latest that the server
 * accepts at its receipt. Returns a positive number if the first is later; undefined if it depends
 * on what the history does not contain.
 */
export function compareStamps(a: Received, b: Received): number | undefined {
  const [first, second] = [effectOf(a), effectOf(b)]
  if (!first || !second) return undefined
  if (first.asSent && second.asSent) return (a.stamp ?? '') > (b.stamp ?? '') ? 1 : -1
  if (first.fromMs > second.toMs) return 1
  return first.toMs < second.fromMs ? -1 : undefined
}

/** Returns true if the stamp is further in the future than the server may let it count. */
export function isBeyondClamp({ stamp, t }: Received): boolean {
  const ms = wallMsOf(stamp)
  return ms !== undefined && ms > EPOCH_WALL + t + CLAMP_MS + CLAMP_SLACK_MS
}

/**
 * The wall-clock part of a stamp, in milliseconds. A stamp begins with 15 digits of it; undefined
 * for any other text.
 */
export function wallMsOf(stamp: string | undefined): number | undefined {
  const digits = /^(\d{15}):/.exec(stamp ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The range of wall-clock milliseconds as which a stamp may count. */
function effectOf({ stamp, t, earliestT = t }: Received) {
  const ms = wallMsOf(stamp)
  if (ms === undefined) return undefined
  const lowestMs = EPOCH_WALL + earliestT + CLAMP_MS - CLAMP_SLACK_MS
  const highestMs = EPOCH_WALL + t + CLAMP_MS + CLAMP_SLACK_MS
  return {
    asSent: ms <= lowestMs,
    fromMs: Math.min(ms, lowestMs),
    toMs: Math.min(ms, highestMs),
  }
}
