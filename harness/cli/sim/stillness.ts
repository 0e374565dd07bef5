/**
 * The weight of time in which this process got no processor: a strained machine keeps code waiting
 * that would return, but code may also block without working.
 */
const IDLE_WEIGHT = 0.25

/** Measures for how long something has not moved although it had time to. */
export class Stillness {
  readonly #tickMs: number
  #state: unknown
  #stillMs = 0

  /** `tickMs` is the planned span between two calls of {@link Stillness.tick}. */
  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /**
   * Returns for how many milliseconds the state has been the same. Time in which the process did
   * not work counts less. So does a late call: the machine that held up this thread may have held
   * up the other one too.
   */
  tick(
    state: unknown,
    { elapsedMs, workedMs }: { readonly elapsedMs: number; readonly workedMs: number },
  ): number {
    const punctual = Math.min(elapsedMs, this.#tickMs)
    const counted = Math.max(Math.min(punctual, workedMs), punctual * IDLE_WEIGHT)
    this.#stillMs = state === this.#state ? this.#stillMs + counted : 0
    this.#state = state
    return this.#stillMs
  }
}
