import type { Clock, Timer } from '../../../core/ports/clock.ts'
import { EPOCH_WALL } from '../../../core/time.ts'

/** setTimeout accepts 2^31 − 1 ms at most; longer waits are made of several. */
const SET_TIMEOUT_MAX_MS = 2 ** 30

/**
 * Scenario time on the machine's monotonic clock, which all processes share. Until the origin is
 * known and reached, it is 0 and timers wait.
 */
export class WireClock implements Clock {
  readonly #timeScale: number
  #origin: bigint | undefined
  #skew = 0
  #waiting: (() => void)[] = []

  /** @param timeScale scenario milliseconds per real millisecond */
  constructor(timeScale: number, origin?: bigint) {
    this.#timeScale = timeScale
    this.#origin = origin
  }

  /** Sets the CLOCK_MONOTONIC reading of scenario time 0, in nanoseconds. Must be called once. */
  begin(origin: bigint): void {
    this.#origin = origin
    const waiting = this.#waiting
    this.#waiting = []
    for (const arm of waiting) arm()
  }

  /** Sets the skew: the wall clock is `by` scenario milliseconds ahead. */
  skew(by: number): void {
    this.#skew = by
  }

  now(): number {
    return Math.floor(this.exact())
  }

  wall(): number {
    return EPOCH_WALL + this.now() + this.#skew
  }

  /** Returns scenario time to a thousandth of a millisecond, for the timestamps of events. */
  exact(): number {
    return Math.max(0, Math.round(this.#elapsed() * this.#timeScale * 1000) / 1000)
  }

  after(ms: number, task: () => void): Timer {
    // Whole scenario milliseconds: when the task runs, now() has reached the requested instant.
    const due = (this.now() + Math.max(0, ms)) / this.#timeScale
    let timer: NodeJS.Timeout | undefined
    let cancelled = false
    const arm = () => {
      timer = setTimeout(
        fire,
        Math.min(Math.max(0, Math.ceil(due - this.#elapsed())), SET_TIMEOUT_MAX_MS),
      )
    }
    // Node's timers may fire a little early.
    const fire = () => {
      if (due > this.#elapsed()) arm()
      else task()
    }
    const begin = () => {
      if (!cancelled) arm()
    }
    if (this.#origin === undefined) this.#waiting.push(begin)
    else begin()
    return {
      cancel: () => {
        cancelled = true
        clearTimeout(timer)
      },
    }
  }

  /** Returns real milliseconds since the origin; negative before it. */
  #elapsed(): number {
    return this.#origin === undefined ? 0 : Number(process.hrtime.bigint() - this.#origin) / 1e6
  }
}
