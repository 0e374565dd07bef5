/**
 * Time, in scenario milliseconds. (On the wire, real time is shorter by the time scale.) Never
 * throws.
 */
export interface Clock {
  /**
   * Milliseconds since the run began. Monotonic; the same zero on every node and after a restart.
   */
  now(): number
  /** This node's wall clock, in milliseconds since 1970. A scenario may have set it wrong. */
  wall(): number
  /** Runs `task` once, after `ms`. If `ms` is 0 or negative: soon, but never synchronously. */
  after(ms: number, task: () => void): Timer
}

/** A task that is scheduled, and can be cancelled. */
export interface Timer {
  /** Prevents the task from running. Does nothing once it has run. */
  cancel(): void
}

/** Resolves after `ms` of scenario time. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
