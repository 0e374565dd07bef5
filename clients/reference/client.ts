/**
 * The reference client. A user's action is one local transaction and is shown at once. Two
 * schedulers synchronise in the background, so that push and pull do not hold each other up.
 *
 * ```
 *   user ── perform ──▶ ┌────────── device ──────────┐
 *                       │ outbox: pending writes     │── push ──▶ server
 *   screen ◀── view ─── │   laid over                │◀─ response: outcome per write ─
 *                       │ records: confirmed base    │◀─ pull: pages by cursor ───────
 *                       └────────────────────────────┘
 * ```
 *
 * @module
 */
import type { Action } from '../../harness/core/action.ts'
import type { Client, ClientPorts, Identity, Performed, View } from '../../harness/core/client.ts'
import type { Timer } from '../../harness/core/ports/clock.ts'
import { messageOf } from '../../harness/core/problem.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { ClientDatabase, type Transaction } from './client-database.ts'
import { IdSource } from './id-source.ts'
import { Pull } from './pull.ts'
import { Push } from './push.ts'
import { type AttemptOutcome, RetryScheduler } from './retry-scheduler.ts'
import { SCHEMA } from './schema.ts'
import { Session } from './session.ts'
import { SETTINGS } from './settings.ts'
import { viewOf } from './view.ts'
import { cancel, type Refusal, write } from './write.ts'

/** Keeps nothing in memory that must survive: a new instance continues after a kill. */
export class ReferenceClient implements Client {
  readonly #ports: ClientPorts
  readonly #ids: IdSource
  readonly #database: ClientDatabase
  readonly #push: RetryScheduler
  readonly #pull: RetryScheduler
  readonly #session: Session
  #poll: Timer | undefined
  #unsubscribe: (() => void) | undefined
  /** True if the latest pull of this incarnation succeeded. */
  #pullSucceeded = false

  constructor(ports: ClientPorts, identity: Identity) {
    const { clock, random, http, connectivity, recorder, database } = ports
    this.#ports = ports
    this.#ids = new IdSource(clock, random, identity)
    this.#database = new ClientDatabase(database(SCHEMA), recorder)
    const retries = {
      clock,
      random,
      connectivity,
      backoff: SETTINGS.backoff,
      pause: { until: 0 },
    }
    this.#session = new Session({
      retries,
      http,
      identity: { [DEVICE_HEADER]: identity.device, [USER_HEADER]: identity.user },
      onChange: (isSignedIn) => this.#holdUnless(isSignedIn),
    })
    const session = this.#session
    const setup = { database: this.#database, ids: this.#ids, clock, http, session }
    const [push, pull] = [new Push(setup), new Pull(setup)]
    this.#push = new RetryScheduler({ ...retries, attempt: (abort) => push.attempt(abort) })
    this.#pull = new RetryScheduler({
      ...retries,
      attempt: async (abort) => this.#notePull(await pull.attempt(abort)),
    })
  }

  start(): void {
    this.#unsubscribe = this.#ports.connectivity.onChange(({ online }) => {
      if (!online) return
      // After any change to online, the running requests may belong to the former network.
      for (const sender of this.#senders) sender.networkChanged()
      this.#sync()
    })
    this.#sync()
    this.#pollLater()
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#poll?.cancel()
    for (const sender of this.#senders) sender.stop()
  }

  perform(action: Action): Performed {
    if (action.type === 'refresh') {
      for (const sender of this.#senders) sender.requestNow()
      // There is nothing to save, so the client must not claim durability.
      return { saved: Promise.resolve({ durable: false }) }
    }
    const refused = this.#save(action)
    if (refused !== undefined) return { saved: Promise.resolve({ refused }) }
    const settled = this.#database.settled(action.opId)
    this.#database.screenChanged()
    this.#push.request()
    return { saved: Promise.resolve({ durable: true }), settled }
  }

  view(): View {
    return this.#database.read((tables) => viewOf(tables, this.#pullSucceeded))
  }

  #save(action: Exclude<Action, { type: 'refresh' }>): Refusal {
    try {
      return this.#database.transaction((transaction) => this.#apply(transaction, action))
    } catch (cause) {
      return `could not be saved: ${messageOf(cause)}`
    }
  }

  #apply(transaction: Transaction, action: Exclude<Action, { type: 'refresh' }>): Refusal {
    return action.type === 'cancel'
      ? cancel(transaction, this.#ids, action)
      : write(transaction, this.#ids, action)
  }

  /** All that sends requests. */
  get #senders(): readonly (Session | RetryScheduler)[] {
    return [this.#session, this.#push, this.#pull]
  }

  /** While the session is renewed, nothing else is sent. */
  #holdUnless(isSignedIn: boolean): void {
    for (const scheduler of [this.#push, this.#pull]) {
      if (isSignedIn) scheduler.release()
      else scheduler.hold()
    }
  }

  #sync(): void {
    this.#push.request()
    this.#pull.request()
  }

  #pollLater(): void {
    // Up to a fifth early, so that clients do not poll in step.
    const waitMs = SETTINGS.pollMs * (0.8 + 0.2 * this.#ports.random.next())
    this.#poll = this.#ports.clock.after(waitMs, () => {
      this.#pull.request()
      this.#pushWhatWaits()
      this.#pollLater()
    })
  }

  /** Requests no attempt if there is nothing to send: most polls find the outbox empty. */
  #pushWhatWaits(): void {
    const pending = this.#database.read(({ outbox }) =>
      outbox.by('state', { prefix: 'pending', limit: 1 }),
    )
    if (pending.length > 0) this.#push.request()
  }

  #notePull(outcome: AttemptOutcome): AttemptOutcome {
    const succeeded = outcome.type === 'done'
    // A resync holds back the pushes until its end.
    if (succeeded) this.#pushWhatWaits()
    if (this.#pullSucceeded !== succeeded) {
      this.#pullSucceeded = succeeded
      this.#database.screenChanged()
    }
    return outcome
  }
}
