import type { Clock, Timer } from '../../harness/core/ports/clock.ts'
import type { Abort } from '../../harness/core/ports/http.ts'
import type { ConnectivityState, Signal } from '../../harness/core/ports/signal.ts'
import type { Random } from '../../harness/core/random.ts'
import { fullJitter } from './backoff.ts'
import { Cancellation } from './cancellation.ts'

/** How one attempt ended. done: nothing left to do · more: go on at once · failed: try again later, not before `hold` milliseconds if the server said so. */
export type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'more' }
  | { readonly type: 'failed'; readonly hold?: number }

interface LaneSetup {
  readonly clock: Clock
  readonly random: Random
  readonly connectivity: Signal<ConnectivityState>
  readonly backoff: { readonly initial: number; readonly cap: number }
  attempt(abort: Abort): Promise<Outcome>
}

/**
 * Decides when to try: one attempt at a time, asked for by any number of triggers, none of which is lost. What failed is tried again for ever, at least once per
 * `cap`: the cap counts from the beginning of an attempt, so that a request that hung until its deadline does not add to it.
 */
export class Lane {
  readonly #setup: LaneSetup
  #timer: Timer | undefined
  #running: Cancellation | undefined
  #wanted = false
  #stopped = false
  #failures = 0
  #begun: number
  /** Our own backoff; a reason to expect better ends it. */
  #patience = 0
  /** The server's word; nothing ends it but time. */
  #hold = 0
  /** A person asked: try, whatever the connectivity hint says. */
  #insist = false

  constructor(setup: LaneSetup) {
    this.#setup = setup
    this.#begun = setup.clock.now()
  }

  /** There is something to do. While backing off it waits its turn; while an attempt runs another one follows it. */
  ask(): void {
    this.#wanted = true
    this.#arm()
  }

  /** A person wants it now. */
  insist(): void {
    this.#insist = true
    this.#patience = 0
    this.ask()
  }

  /**
   * The network is back. A request that is still under way left on the network that went, where its answer may never come: it is given up, since
   * sending it again is harmless.
   */
  renew(): void {
    this.#failures = 0
    this.#patience = 0
    this.#running?.abort()
    this.#arm()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#running?.abort()
  }

  #arm(): void {
    this.#timer?.cancel()
    if (!this.#wanted || this.#running || this.#stopped) return
    const { clock, connectivity, backoff } = this.#setup
    // Connectivity is a hint: without it attempts become rare, they do not end.
    const hint = connectivity.get().online || this.#insist ? 0 : this.#begun + backoff.cap
    const due = Math.max(this.#patience, this.#hold, hint)
    this.#timer = clock.after(due - clock.now(), () => void this.#run())
  }

  async #run(): Promise<void> {
    const running = new Cancellation()
    this.#running = running
    this.#wanted = false
    this.#insist = false
    this.#begun = this.#setup.clock.now()
    let outcome: Outcome = { type: 'failed' }
    try {
      outcome = await this.#setup.attempt(running)
    } finally {
      // An exception (a full disk, say) is not swallowed, but does not stop the lane either.
      this.#running = undefined
      this.#ended(outcome, running.aborted)
    }
  }

  #ended(outcome: Outcome, aborted: boolean): void {
    const { clock, random, backoff } = this.#setup
    if (outcome.type !== 'done') this.#wanted = true
    if (outcome.type !== 'failed') {
      this.#failures = 0
      this.#patience = 0
    } else if (!aborted) {
      this.#failures++
      const now = clock.now()
      this.#patience =
        now +
        Math.min(
          fullJitter(random, this.#failures, backoff),
          Math.max(0, this.#begun + backoff.cap - now),
        )
      this.#hold = now + (outcome.hold ?? 0)
    }
    this.#arm()
  }
}
