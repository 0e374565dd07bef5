import type { Clock, Timer } from '../../harness/core/ports/clock.ts'
import type { Abort } from '../../harness/core/ports/http.ts'
import type { ConnectivityState, Signal } from '../../harness/core/ports/signal.ts'
import type { Random } from '../../harness/core/random.ts'
import { fullJitter } from './backoff.ts'
import { Cancellation } from './cancellation.ts'

/**
 * The outcome of one attempt.
 *
 * - done: nothing is left to do.
 * - more: attempt again at once.
 * - failed: attempt again later, not before `retryAfterMs` if the server asked for it.
 */
export type AttemptOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'more' }
  | { readonly type: 'failed'; readonly retryAfterMs?: number }

/** The end of the server's Retry-After, for all requests of a device. Nothing ends it early. */
export interface ServerPause {
  until: number
}

/** The part that the schedulers of a device share. */
export interface RetrySetup {
  readonly clock: Clock
  readonly random: Random
  readonly connectivity: Signal<ConnectivityState>
  readonly backoff: { readonly initialMs: number; readonly capMs: number }
  /** A server that asks one of them to wait is busy for all of them. */
  readonly pause: ServerPause
}

interface RetrySchedulerSetup extends RetrySetup {
  attempt(abort: Abort): Promise<AttemptOutcome>
}

/**
 * Decides when to attempt. Runs one attempt at a time, which serves all requests made before it.
 * Retries a failed attempt for ever, at least once per `capMs` unless Retry-After asks for more.
 * The cap counts from the start of an attempt, so a request that hung until its deadline does not
 * add to it.
 *
 * ```
 *             request()                  due and not running
 *    idle ───────────────▶ waiting ─────────────────────────────▶ running
 *     ▲                       ▲                                     │  │
 *     │                       └── failed (backoff), more, requested ┘  │
 *     └──────────────────────────────────── done ──────────────────────┘
 * ```
 */
export class RetryScheduler {
  readonly #setup: RetrySchedulerSetup
  #timer: Timer | undefined
  #running: Cancellation | undefined
  #requested = false
  #held = false
  #stopped = false
  #failures = 0
  #attemptStartedAt: number
  /** The end of our own backoff. A change of network or the user's request ends it early. */
  #backoffUntil = 0
  /** Set by requestNow(): attempt even if the connectivity signal reports no network. */
  #ignoreConnectivity = false

  constructor(setup: RetrySchedulerSetup) {
    this.#setup = setup
    this.#attemptStartedAt = setup.clock.now()
  }

  /** Requests an attempt, after the backoff and after the running attempt. */
  request(): void {
    this.#requested = true
    this.#schedule()
  }

  /** Requests an attempt without backoff, after the user asked for it. */
  requestNow(): void {
    this.#ignoreConnectivity = true
    this.#backoffUntil = 0
    this.request()
  }

  /**
   * Ends the backoff. Aborts a running request: it was sent over the former network, so its
   * response may never arrive, and repeating it is harmless.
   */
  networkChanged(): void {
    this.#failures = 0
    this.#backoffUntil = 0
    this.#running?.abort()
    this.#schedule()
  }

  /** Makes no attempt until {@link release}. Requests are kept, and so is the backoff. */
  hold(): void {
    this.#held = true
    this.#schedule()
  }

  release(): void {
    this.#held = false
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#running?.abort()
  }

  #schedule(): void {
    this.#timer?.cancel()
    if (!this.#requested || this.#running || this.#held || this.#stopped) return
    const { clock, connectivity, backoff, pause } = this.#setup
    // Connectivity is a hint: while it reports offline, attempts become rare but do not stop.
    const online = connectivity.get().online || this.#ignoreConnectivity
    const offlineUntil = online ? 0 : this.#attemptStartedAt + backoff.capMs
    const due = Math.max(this.#backoffUntil, pause.until, offlineUntil)
    this.#timer = clock.after(due - clock.now(), () => {
      // Meanwhile another scheduler may have been asked to wait.
      if (pause.until > clock.now()) this.#schedule()
      else void this.#run()
    })
  }

  async #run(): Promise<void> {
    const running = new Cancellation()
    this.#running = running
    this.#requested = false
    this.#ignoreConnectivity = false
    this.#attemptStartedAt = this.#setup.clock.now()
    let outcome: AttemptOutcome = { type: 'failed' }
    try {
      outcome = await this.#setup.attempt(running)
    } finally {
      // An exception, for example because of a full disk, propagates, but the scheduler continues.
      this.#running = undefined
      this.#applyOutcome(outcome, running.aborted)
      this.#schedule()
    }
  }

  #applyOutcome(outcome: AttemptOutcome, aborted: boolean): void {
    if (outcome.type !== 'done') this.#requested = true
    if (outcome.type !== 'failed') {
      this.#failures = 0
      this.#backoffUntil = 0
    } else if (!aborted) this.#backOff(outcome.retryAfterMs ?? 0)
  }

  #backOff(retryAfterMs: number): void {
    const { clock, random, backoff, pause } = this.#setup
    this.#failures++
    const now = clock.now()
    const leftOfCapMs = Math.max(0, this.#attemptStartedAt + backoff.capMs - now)
    this.#backoffUntil = now + Math.min(fullJitter(random, this.#failures, backoff), leftOfCapMs)
    pause.until = Math.max(pause.until, now + retryAfterMs)
  }
}
