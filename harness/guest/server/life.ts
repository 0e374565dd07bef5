import type { Clock } from '../../core/ports/clock.ts'

/** Asked before an error that nobody caught ends the server. Returns true if the server handles it. */
type Rescue = (error: unknown) => boolean

/**
 * The life of one incarnation inside its realm. All code that the realm calls back goes through
 * {@link run}: what it throws ends the server, as an exception that nobody caught ends a process of
 * Node.
 */
export class Life {
  readonly #clock: Clock
  #isOver = false
  /** Set by the realm's `process`, whose 'uncaughtException' may have listeners. */
  rescue: Rescue = () => false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs code of the server, unless its life is over. */
  run(task: () => void): void {
    if (this.#isOver) return
    try {
      task()
    } catch (error) {
      if (!this.rescue(error)) this.end(error)
    }
  }

  /** Ends the server by itself: the host records what a task of its clock throws, and ends it. */
  end(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#clock.after(0, () => {
      throw error
    })
  }
}
