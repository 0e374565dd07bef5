/** The bounds of what one incarnation's timers may do. Far above what any app needs. */
export interface StepLimits {
  /** Timers that fire one after another while no time passes. */
  readonly atOneInstant: number
  /** Timers that fire in the whole life of an incarnation. */
  readonly inAll: number
}

export const STEP_LIMITS: StepLimits = { atOneInstant: 10_000, inAll: 2_000_000 }

/** The measure that shows that code spins, and since when. */
export interface Spin {
  readonly sign: string
  /** Scenario milliseconds. */
  readonly since: number
}

/** Counts the timers of one incarnation, so that one that spins on its clock can be ended. */
export class StepBudget {
  readonly #limits: StepLimits
  readonly #startedAt: number
  #instant: number
  #atInstant = 0
  #inAll = 0

  constructor(now: number, limits: StepLimits = STEP_LIMITS) {
    this.#limits = limits
    this.#startedAt = now
    this.#instant = now
  }

  /** Counts one timer that fires now. Returns the sign if that is one too many. */
  spend(now: number): Spin | undefined {
    if (now !== this.#instant) this.#atInstant = 0
    this.#instant = now
    this.#inAll++
    this.#atInstant++
    const { atOneInstant, inAll } = this.#limits
    if (this.#atInstant > atOneInstant)
      return { sign: `more than ${atOneInstant} timers at one instant`, since: now }
    if (this.#inAll > inAll)
      return { sign: `more than ${inAll} timers in one run of the app`, since: this.#startedAt }
    return undefined
  }
}
