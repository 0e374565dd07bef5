import type { HostEvent } from '../../core/event.ts'
import { stackOf } from '../../core/problem.ts'
import type { UncaughtOrigin } from '../../core/server.ts'
import { ConsoleLog, type LogLevel } from './console-log.ts'
import { type CrashCause, crashCauseOf } from './crash-cause.ts'
import type { Spin } from './step-budget.ts'

/** The world's part, for a client and a server alike. */
export interface CodeOptions {
  readonly emit: (event: HostEvent) => void
  /** Must end the incarnation. The exception is already recorded as an `error` event. */
  readonly onCrash: (error: unknown, cause: CrashCause) => void
  /**
   * Must end the incarnation: its timers have used up the step budget. Default: no budget, for
   * worlds in which time passes by itself.
   */
  readonly onSpin?: (spin: Spin) => void
  /**
   * Called before the code runs, with what is about to run: 'perform(ana-1)', 'a timer'. If several
   * incarnations share the process, keep the last `code`: whatever happens outside of its calls (an
   * unhandled rejection, console output) belongs to the code that was entered last.
   */
  readonly onEnter?: (doing: string, code: CodeUnderTest) => void
  /** Receives console output and stacks in full. Default: they are dropped. */
  readonly log?: (text: string) => void
}

/** The code of one incarnation: enters it, and records what escapes it. */
export class CodeUnderTest {
  readonly #options: CodeOptions
  /** File URL of the client or server. */
  readonly #module: string | undefined
  /** As in a browser, an unhandled rejection does not end the app. */
  readonly #isBrowser: boolean
  readonly #console: ConsoleLog
  #alive = true
  /** Asked before an error that nobody caught ends the code. See {@link Server.handlesUncaught}. */
  handlesUncaught: (error: unknown, origin: UncaughtOrigin) => boolean = () => false

  constructor(
    options: CodeOptions,
    { module, browser = false }: { module?: string | undefined; browser?: boolean | undefined },
  ) {
    this.#options = options
    this.#module = module
    this.#isBrowser = browser
    this.#console = new ConsoleLog((event) => this.#emit(event), options.log)
  }

  get alive(): boolean {
    return this.#alive
  }

  /** From now on, everything that the code does is void. */
  revoke(): void {
    this.#alive = false
  }

  /** Runs code, unless the incarnation is dead. `doing` names it: 'a timer'. */
  run(doing: string, task: () => void): void {
    if (!this.#alive) return
    this.#options.onEnter?.(doing, this)
    try {
      task()
    } catch (error) {
      this.crash(error)
    }
  }

  /** An exception that escapes is a finding about the code under test, not a failure of ours. */
  readonly crash = (error: unknown): void => {
    if (!this.#alive) return
    const cause = this.#recordError(error)
    this.#options.onCrash(error, cause)
  }

  /** Ends code whose timers have used up the step budget. */
  spin(spin: Spin): void {
    if (this.#alive) this.#options.onSpin?.(spin)
  }

  /** Receives a promise rejection that nobody handled, or an exception that nobody caught. */
  unhandled(error: unknown, origin: UncaughtOrigin = 'unhandledRejection'): void {
    if (this.#alive && this.handlesUncaught(error, origin)) return
    if (this.#isBrowser) this.#recordError(error)
    else this.crash(error)
  }

  /** Records console output. */
  print(level: LogLevel, args: readonly unknown[]): void {
    this.#console.print(level, args)
  }

  #recordError(error: unknown): CrashCause {
    const cause = crashCauseOf(error, this.#module)
    this.#emit({ type: 'error', message: cause.message })
    this.#options.log?.(stackOf(error))
    return cause
  }

  #emit(event: HostEvent): void {
    if (this.#alive) this.#options.emit(event)
  }
}
