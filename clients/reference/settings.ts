/** Scenario milliseconds, items and characters. The longest time without an attempt, `backoff.cap`, is what the client promises as its recovery. */
export const SETTINGS = {
  /** A request without an answer is given up after this. */
  deadline: 15_000,
  backoff: { initial: 1_000, cap: 60_000 },
  /** How often it looks for news while the app is open. */
  poll: 15_000,
  /** A push carries at most so many items, and stops adding to a body of this length: one huge message travels alone. */
  batch: { items: 50, characters: 256 * 1024 },
  /** Rows asked for in one page of changes. */
  page: 200,
  /** What a Retry-After can ask for at most: a mad proxy must not silence a phone for a year. */
  longestRetryAfter: 3_600_000,
} as const
