/** Measures for how many real milliseconds a counter has stood still. */
export class Stillness {
  readonly #tickMs: number
  #count = -1
  #stillMs = 0

  /** `tickMs` is the planned span between two calls of {@link Stillness.tick}. */
  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /**
   * Returns the span for which the counter has stood still. A call that is late counts as if it
   * were not: a machine that held up this thread may have held up the other one too.
   */
  tick(count: number, elapsedMs: number): number {
    this.#stillMs = count === this.#count ? this.#stillMs + Math.min(elapsedMs, this.#tickMs) : 0
    this.#count = count
    return this.#stillMs
  }
}
