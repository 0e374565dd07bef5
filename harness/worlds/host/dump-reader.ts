import { flawAt, isThenable } from '../../core/flaw.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Server, ServerDump } from '../../core/server.ts'
import { spanText } from '../../core/time.ts'
import type { CodeUnderTest } from './code-under-test.ts'
import type { Intake } from './intake.ts'

/** The most scenario milliseconds that a server may take to answer dump(). */
const DUMP_ANSWER_MAX_MS = 10_000

/** The most scenario milliseconds from a question to its dump: another reading may be under way. */
export const DUMP_READ_MAX_MS = 2 * DUMP_ANSWER_MAX_MS

export interface DumpReaderOptions {
  readonly server: Server
  readonly code: CodeUnderTest
  readonly intake: Intake
  readonly clock: Clock
  /** Called with each valid dump, before those who asked for it. */
  readonly onDump?: ((dump: ServerDump) => void) | undefined
}

type Reader = (dump: ServerDump | undefined) => void

/**
 * Reads the dump of one incarnation of a server, one reading after another. Whoever asks during a
 * reading gets the next dump: the one under way may be older than the question. A dump that is
 * there at once is passed on at once.
 */
export class DumpReader {
  readonly #options: DumpReaderOptions
  #waiting: Reader[] = []
  #isReading = false
  /** True after a dump that never came: no other is asked for, so that nothing waits again. */
  #isGivenUp = false

  constructor(options: DumpReaderOptions) {
    this.#options = options
  }

  /**
   * Calls back with the dump; with undefined if it is invalid or does not come, which is recorded.
   * Never calls back if the server dies before.
   */
  read(reader: Reader): void {
    this.#waiting.push(reader)
    if (!this.#isReading) this.#readNext()
  }

  #readNext(): void {
    if (this.#waiting.length === 0 || !this.#options.code.alive) return
    const readers = this.#waiting
    this.#waiting = []
    this.#isReading = true
    this.#ask((dump) => {
      this.#isReading = false
      if (dump) this.#options.onDump?.(dump)
      for (const reader of readers) reader(dump)
      this.#readNext()
    })
  }

  #ask(done: Reader): void {
    const { server, code, intake } = this.#options
    let answer: unknown
    let isAnswered = false
    const ask = () => {
      try {
        answer = server.dump()
        isAnswered = true
      } catch (error) {
        this.#invalid(error)
      }
    }
    if (!this.#isGivenUp) code.run('dump()', ask)
    if (!isAnswered) done(undefined)
    else if (isThenable(answer)) this.#await(answer, done)
    else done(intake.dump(answer))
  }

  #await(promise: PromiseLike<unknown>, done: Reader): void {
    const { code, clock, intake } = this.#options
    let isDone = false
    const finish = (dump: () => ServerDump | undefined) => {
      if (isDone || !code.alive) return
      isDone = true
      limit.cancel()
      done(dump())
    }
    const limit = clock.after(DUMP_ANSWER_MAX_MS, () => {
      this.#isGivenUp = true
      finish(() => this.#invalid(promise, ` within ${spanText(DUMP_ANSWER_MAX_MS)}`))
    })
    promise.then(
      (dump) => finish(() => intake.dump(dump)),
      (error) => finish(() => this.#invalid(error)),
    )
  }

  #invalid(received: unknown, when = ''): undefined {
    this.#options.intake.invalid('its dump', flawAt([], received, `an object${when}`))
  }
}
