import type { Clock } from '../../core/ports/clock.ts'

/** In scenario milliseconds. */
export const LOOK_INTERVAL_MS = 500
/** A reading that is not answered for this long no longer prevents the next one. */
const ANSWER_MAX_MS = 10_000

/**
 * Reads the screen after something has happened in the app, at most once in each interval, and
 * reports a screen that differs from the last one.
 */
export class Looker {
  readonly #clock: Clock
  readonly #read: () => unknown
  readonly #onChange: (answer: { readonly value: unknown } | undefined) => void
  #isScheduled = false
  #lookedAt = Number.NEGATIVE_INFINITY
  #isLooking = false
  /** Something has happened since the reading began that is not answered yet. */
  #isOutdated = false
  #last: string | undefined

  constructor(
    clock: Clock,
    on: {
      readonly read: () => unknown
      /** The screen has changed. It is undefined if it could not be read. */
      readonly change: (answer: { readonly value: unknown } | undefined) => void
    },
  ) {
    this.#clock = clock
    this.#read = on.read
    this.#onChange = on.change
  }

  /** Something has happened. */
  hint(): void {
    if (this.#isScheduled) return
    const now = this.#clock.now()
    if (this.#isLooking && now < this.#lookedAt + ANSWER_MAX_MS) {
      this.#isOutdated = true
      return
    }
    this.#isScheduled = true
    this.#clock.after(Math.max(0, this.#lookedAt + LOOK_INTERVAL_MS - now), () => {
      this.#isScheduled = false
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    const since = this.#clock.now()
    this.#lookedAt = since
    this.#isLooking = true
    this.#isOutdated = false
    let text: string | undefined
    let answer: unknown
    try {
      answer = await this.#read()
      text = JSON.stringify(answer) ?? 'undefined'
    } catch {
      // The host then reads the view itself, and records what it throws.
    }
    // A later reading has overtaken this one.
    if (this.#lookedAt !== since) return
    this.#isLooking = false
    const isNew = text === undefined || text !== this.#last
    this.#last = text
    if (isNew) this.#onChange(text === undefined ? undefined : { value: answer })
    if (this.#isOutdated) this.hint()
  }
}
