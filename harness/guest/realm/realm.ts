import type { ClientPorts } from '../../core/client.ts'
import { restorePlatformPromise } from './platform-promise.ts'

/** The ports from which the globals are made. */
export type RealmPorts = Pick<
  ClientPorts,
  'clock' | 'random' | 'connect' | 'database' | 'connectivity' | 'power' | 'standstill'
>

/** The origin of the page and of the server under test, in both worlds. */
export const ORIGIN = 'http://server.test'

/**
 * The reason why a task runs. Tasks that a reading of the screen has caused, such as the timers of
 * an IndexedDB request, are no reason to read it again.
 */
export type Cause = 'app' | 'reading'

/**
 * The inner side of one incarnation: every task of the app is entered here, so that an error that
 * nobody catches is reported as in a browser, and the host knows that something has happened.
 */
export class Realm {
  readonly ports: RealmPorts
  /** Called after each task of the app. */
  onActivity: () => void = () => {}
  /** Receives an error that nobody caught. Returns true if a listener of the app handled it. */
  onError: (error: unknown) => boolean = () => false
  #cause: Cause = 'app'
  #depth = 0

  constructor(ports: RealmPorts) {
    this.ports = ports
  }

  /** The cause of the task that runs, or has run last: its promise reactions may still run. */
  get cause(): Cause {
    return this.#cause
  }

  /** Runs a task. What it throws is reported. */
  enter(task: () => void, cause: Cause = 'app'): void {
    this.#takeOver()
    const outer = this.#cause
    this.#cause = cause
    this.#depth++
    try {
      task()
    } catch (error) {
      this.report(error)
    } finally {
      this.#depth--
    }
    // The promise reactions that follow an outermost task belong to it.
    if (this.#depth > 0) this.#cause = outer
    if (cause === 'app') this.onActivity()
  }

  /** Runs a reading of the screen. What it throws is passed on. */
  read<Result>(task: () => Result): Result {
    this.#takeOver()
    this.#cause = 'reading'
    return task()
  }

  #takeOver(): void {
    if (lastEntered !== this) restorePlatformPromise()
    lastEntered = this
  }

  /** Returns a function that enters the task with the cause of the task that runs now. */
  bind<Args extends readonly unknown[]>(task: (...args: Args) => void): (...args: Args) => void {
    const cause = this.#cause
    return (...args) => this.enter(() => task(...args), cause)
  }

  /**
   * Reports an error that nobody caught. A browser shows it in its console, and the page goes on:
   * an unhandled rejection is recorded in the same way.
   */
  report(error: unknown): void {
    if (!this.onError(error)) void Promise.reject(error)
  }
}

let lastEntered: Realm | undefined

/** A class that only the app uses. */
export type GlobalClass = new (...args: never[]) => object

/** Globals by name. */
export type Globals = Record<string, unknown>
