import type { Clock, Timer } from '../../../core/ports/clock.ts'
import { EPOCH_WALL } from '../../../core/time.ts'

/** setTimeout takes at most 2^31 − 1 ms. */
const LONGEST_WAIT = 2 ** 30

/**
 * Scenario time on the machine's monotonic clock, which all processes share. Before its origin is known, or reached, time stands at 0
 * and timers wait.
 */
export class WireClock implements Clock {
  readonly #timeScale: number
  #origin: bigint | undefined
  #skew = 0
  #waiting: (() => void)[] = []

  /** @param timeScale scenario milliseconds to a real one */
  constructor(timeScale: number, origin?: bigint) {
    this.#timeScale = timeScale
    this.#origin = origin
  }

  /** Scenario time 0 is this reading of CLOCK_MONOTONIC, in nanoseconds. Called once. */
  begin(origin: bigint): void {
    this.#origin = origin
    const waiting = this.#waiting
    this.#waiting = []
    for (const arm of waiting) arm()
  }

  /** Scenario milliseconds that the wall clock is off. */
  skew(by: number): void {
    this.#skew = by
  }

  now(): number {
    return Math.floor(this.exact())
  }

  wall(): number {
    return EPOCH_WALL + this.now() + this.#skew
  }

  /** As {@link now}, to a thousandth: what events are stamped with. */
  exact(): number {
    return Math.max(0, Math.round(this.#elapsed() * this.#timeScale * 1000) / 1000)
  }

  after(ms: number, task: () => void): Timer {
    // Whole scenario milliseconds, so that now() has reached the instant asked for when the task runs.
    const due = (this.now() + Math.max(0, ms)) / this.#timeScale
    let timer: NodeJS.Timeout | undefined
    let cancelled = false
    const arm = () => {
      timer = setTimeout(
        fire,
        Math.min(Math.max(0, Math.ceil(due - this.#elapsed())), LONGEST_WAIT),
      )
    }
    // Node's timers may run a little early.
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

  /** Real milliseconds since the origin; negative before it. */
  #elapsed(): number {
    return this.#origin === undefined ? 0 : Number(process.hrtime.bigint() - this.#origin) / 1e6
  }
}
