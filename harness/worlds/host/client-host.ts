import type { Action } from '../../core/action.ts'
import type { Client, ClientDefinition, ClientPorts, Identity } from '../../core/client.ts'
import type { ClientEvent, HostEvent } from '../../core/event.ts'
import { observeView } from '../../core/observe.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { OpenDatabase } from '../../core/ports/database.ts'
import type { Http } from '../../core/ports/http.ts'
import { SettableSignal } from '../../core/ports/signal.ts'
import { messageOf } from '../../core/problem.ts'
import type { Random } from '../../core/random.ts'
import type { DeviceState } from '../../core/world.ts'
import { type NodeTrace, tracedPorts } from './trace.ts'

/** The part of a device's state that the client can observe through signals. */
export type SignalState = Pick<DeviceState, 'online' | 'metered' | 'dozing'>

/** The world's part: clock, disk, network, the receiver of events, and the end of a client. */
export interface ClientHostOptions {
  readonly definition: ClientDefinition
  readonly identity: Identity
  /** The device's own clock: its wall clock may be wrong. */
  readonly clock: Clock
  readonly random: Random
  readonly database: OpenDatabase
  /** Must call into the client through {@link ClientHost.run} if clients share the process. */
  readonly http: Http
  readonly signals: SignalState
  readonly emit: (event: ClientEvent | HostEvent) => void
  /** Must end the incarnation. The exception is already recorded as an `error` event. */
  readonly onCrash: (error: unknown) => void
  /** Traces timers and transactions. Default: nothing is traced. */
  readonly trace?: NodeTrace | undefined
  /**
   * Called before client code runs, with what is about to run: 'perform(ana-1)', 'a timer'. If
   * several clients share the process, keep the last `onError` and pass it a later unhandled
   * rejection: that rejection belongs to the client that ran last.
   */
  readonly onEnter?: (doing: string, onError: (error: unknown) => void) => void
}

/**
 * Hosts one incarnation of a client, in every world: creates and starts it, passes it a person's
 * actions and the system's signals, and records its reports, its screen and its crash. An exception
 * that escapes the client ends the incarnation, as it would end an app.
 */
export class ClientHost {
  readonly #options: ClientHostOptions
  readonly #connectivity
  readonly #power
  #client: Client | undefined
  #alive = true
  #onStarted = (): void => {}
  /** Resolves when the client's `start()` has completed; never, if that fails. */
  readonly started: Promise<void> = new Promise((resolve) => {
    this.#onStarted = resolve
  })
  #viewsRequested = 0
  #newestViewRecorded = 0
  /** The last recorded view, as JSON. */
  #recordedView = ''
  #viewScheduled = false

  constructor(options: ClientHostOptions) {
    const { online, metered, dozing } = options.signals
    this.#options = options
    this.#connectivity = new SettableSignal({ online, metered })
    this.#power = new SettableSignal({ charging: false, dozing })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Creates the client on its existing database. */
  create(): void {
    const { definition, identity } = this.#options
    const ports = this.#ports()
    this.run('create', () => {
      this.#client = definition.create(ports, identity)
    })
  }

  /**
   * Starts the client and resolves when its first view is recorded. Does not wait for the client's
   * own `start()`, which may be waiting for the network: see {@link started}.
   */
  async start(): Promise<void> {
    const client = this.#client
    if (!client) return
    await this.#guard('start', async () => {
      Promise.resolve(client.start()).then(this.#onStarted, (error) => this.#crash(error))
      await this.#recordView()
    })
  }

  /** Passes a person's action to the client, and records when it is saved, refused and settled. */
  perform(action: Action): void {
    const client = this.#client
    if (!client) return
    const { opId } = action
    this.run(`perform(${opId})`, () => {
      const { saved, settled } = client.perform(action)
      settled?.then(
        ({ outcome, reason }) =>
          this.#emit({ type: 'settled', opId, outcome, ...(reason !== undefined && { reason }) }),
        (error) => this.#crash(error),
      )
      void this.#guard(`perform(${opId})`, async () => {
        const save = await saved
        this.#emit(
          'refused' in save
            ? { type: 'refused', opId, reason: save.refused }
            : { type: 'saved', opId, durable: save.durable },
        )
        await this.#recordView()
      })
    })
  }

  /** Records the view, even if it is the one recorded last. */
  async view(): Promise<void> {
    await this.#guard('view()', () => this.#recordView(true))
  }

  /** Sets the system's signals; the client is notified of those that change. */
  signal({ online, metered, dozing }: SignalState): void {
    this.run('a change of the network or the power', () => {
      this.#connectivity.set({ online, metered })
      this.#power.set({ dozing })
    })
  }

  /** Stops the client, which releases its timers and files. Rejects with the client's exception. */
  async stop(): Promise<void> {
    await this.#client?.stop()
  }

  /** From now on, everything that the client does is void. */
  revoke(): void {
    this.#alive = false
  }

  /** Runs client code, unless the incarnation is dead. `doing` names it: 'a timer'. */
  run(doing: string, task: () => void): void {
    if (!this.#alive) return
    this.#enter(doing)
    try {
      task()
    } catch (error) {
      this.#crash(error)
    }
  }

  #ports(): ClientPorts {
    const { clock, random, database, http, trace } = this.#options
    const ports: ClientPorts = {
      clock: {
        now: () => clock.now(),
        wall: () => clock.wall(),
        after: (ms, task) => clock.after(ms, () => this.run('a timer', task)),
      },
      random,
      http,
      database,
      connectivity: this.#connectivity,
      power: this.#power,
      recorder: {
        emit: (event) => this.#emit(event),
        screen: () => this.#scheduleView(),
        note: (text, about) => this.#emit({ type: 'note', text, ...about }),
      },
    }
    return tracedPorts(ports, trace, () => this.#alive)
  }

  /** Coalesces hints: records one view, after the promise reactions that are due now. */
  #scheduleView(): void {
    if (this.#viewScheduled || !this.#alive) return
    this.#viewScheduled = true
    void Promise.resolve().then(() => {
      this.#viewScheduled = false
      void this.#guard('view()', () => this.#recordView())
    })
  }

  async #recordView(evenIfEqual = false): Promise<void> {
    if (!this.#alive || !this.#client) return
    const request = ++this.#viewsRequested
    const answer = await this.#client.view()
    if (!answer) return
    const view = observeView(answer)
    // An asynchronous view() may be overtaken by a later one: a history must not go back in time.
    if (request < this.#newestViewRecorded && !evenIfEqual) return
    const json = JSON.stringify(view)
    if (json === this.#recordedView && !evenIfEqual) return
    this.#newestViewRecorded = request
    this.#recordedView = json
    this.#emit({ type: 'view', view })
  }

  #emit(event: ClientEvent | HostEvent): void {
    if (this.#alive) this.#options.emit(event)
  }

  #enter(doing: string): void {
    this.#options.onEnter?.(doing, this.#onError)
  }

  async #guard(doing: string, task: () => Promise<void>): Promise<void> {
    if (!this.#alive) return
    this.#enter(doing)
    try {
      await task()
    } catch (error) {
      this.#crash(error)
    }
  }

  readonly #onError = (error: unknown): void => this.#crash(error)

  /** An exception that escapes the client is a finding about the client, not a failure of ours. */
  #crash(error: unknown): void {
    if (!this.#alive) return
    this.#emit({ type: 'error', message: messageOf(error) })
    this.#options.onCrash(error)
  }
}
