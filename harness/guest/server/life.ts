import type { Clock } from '../../core/ports/clock.ts'
import type { UncaughtOrigin } from '../../core/server.ts'

/** Returns true if the server's own listeners handle an error that nobody caught. */
type Handle = (error: unknown, origin: UncaughtOrigin) => boolean

/**
 * The life of one incarnation inside its realm. All code that the realm calls back goes through
 * {@link run}: what it throws ends the server, as an exception that nobody caught ends a process of
 * Node.
 */
export class Life {
  readonly #clock: Clock
  #isOver = false
  /** Set by the `process` of the incarnation, to which the listeners belong. */
  onUncaught: Handle = () => false

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
      if (!this.handles(error, 'uncaughtException')) this.end(error)
    }
  }

  /** Returns true if an error that nobody caught does not end the server, or has ended it. */
  handles(error: unknown, origin: UncaughtOrigin): boolean {
    if (this.#isOver) return true
    try {
      return this.onUncaught(error, origin)
    } catch (failure) {
      this.end(failure)
      return true
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
