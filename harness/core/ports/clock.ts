/** Time as a port. All spans and instants are scenario milliseconds; the wire divides them by its time scale. */
export interface Clock {
  /** Monotonic scenario time since the run began; the same zero on every node, through every restart. */
  now(): number
  /** What this node's wall clock shows, in milliseconds since 1970. A scenario may have set it wrong. */
  wall(): number
  /** Runs `task` once, `ms` from now (at once, but never synchronously, when that is not positive). */
  after(ms: number, task: () => void): Timer
}

export interface Timer {
  cancel(): void
}

/** Resolves `ms` of scenario time from now. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
