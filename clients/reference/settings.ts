/**
 * The reference client's limits. Times are scenario milliseconds. The longest time without an
 * attempt, `backoff.capMs`, is the recovery time that the client declares.
 */
export const SETTINGS = {
  /** The deadline of each request. */
  requestTimeoutMs: 15_000,
  backoff: { initialMs: 1_000, capMs: 60_000 },
  /** The longest time between two pulls while the app is open. */
  pollMs: 15_000,
  /** Limits of one push. A write that alone exceeds `characters` is sent in a batch of its own. */
  batch: { items: 50, characters: 256 * 1024 },
  /** The time between two attempts to read a page again that had an invalid row. */
  rereadMs: 30_000,
  /** Rows in one page of changes. */
  pageRows: 200,
  /** Upper bound for Retry-After: a faulty proxy must not silence a phone for a year. */
  retryAfterMaxMs: 3_600_000,
} as const
