import type { Action } from '../../core/action.ts'
import type { Client, ClientDefinition, ClientPorts, Identity, View } from '../../core/client.ts'
import type { ClientEvent, HostEvent } from '../../core/event.ts'
import { isThenable } from '../../core/flaw.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { OpenDatabase } from '../../core/ports/database.ts'
import type { Http } from '../../core/ports/http.ts'
import { SettableSignal } from '../../core/ports/signal.ts'
import type { Standstill } from '../../core/ports/standstill.ts'
import type { Connect } from '../../core/ports/stream.ts'
import type { Random } from '../../core/random.ts'
import { spanText } from '../../core/time.ts'
import type { DeviceState } from '../../core/world.ts'
import { type CodeOptions, CodeUnderTest } from './code-under-test.ts'
import { observedConnect } from './device-edge.ts'
import { hostedClock } from './hosted-clock.ts'
import { hostedStandstill } from './hosted-standstill.ts'
import { Intake } from './intake.ts'
import type { RequestLog } from './request-log.ts'
import { type NodeTrace, tracedPorts } from './trace.ts'

/** The most scenario milliseconds that a client may take to answer view() when it is read. */
export const VIEW_ANSWER_MAX_MS = 60_000

/** Describes in a `freeze` event a view() that was called at `since` and was not answered. */
export const unansweredView = (since: number) => ({
  doing: 'view()',
  sign: `no answer for ${spanText(VIEW_ANSWER_MAX_MS)}`,
  since,
})

/** The part of a device's state that the client can observe through signals. */
export type SignalState = Pick<DeviceState, 'online' | 'metered' | 'dozing'>

/** The world's part: clock, disk, network, and the receiver of events. */
export interface ClientHostOptions extends CodeOptions {
  readonly definition: ClientDefinition
  readonly identity: Identity
  /** The device's own clock: its wall clock may be wrong. */
  readonly clock: Clock
  readonly random: Random
  readonly database: OpenDatabase
  /** Must call into the client through {@link ClientHost.run} if clients share the process. */
  readonly http: Http
  /** Opens a connection through the link. The host observes it. */
  readonly connect: Connect
  /** Records what leaves by `connect`; `http` must use the same one. */
  readonly requests: RequestLog
  readonly standstill: Standstill
  readonly signals: SignalState
  readonly emit: (event: ClientEvent | HostEvent) => void
  /** As in IntakeOptions. */
  readonly isPerformed?: (opId: string) => boolean
  /** Traces timers and transactions. Default: nothing is traced. */
  readonly trace?: NodeTrace | undefined
}

/**
 * Hosts one incarnation of a client, in every world: creates and starts it, passes it a person's
 * actions and the system's signals, and records its reports, its screen and its crash. An exception
 * that escapes the client ends the incarnation, as it would end an app.
 */
export class ClientHost {
  /** Announces and ends the client's code. */
  readonly code: CodeUnderTest
  readonly #options: ClientHostOptions
  readonly #intake: Intake
  readonly #connectivity
  readonly #power
  #client: Client | undefined
  #onStarted = (): void => {}
  /** Resolves when the client's `start()` has completed; never, if that fails. */
  readonly started: Promise<void> = new Promise((resolve) => {
    this.#onStarted = resolve
  })
  #viewsRequested = 0
  #newestViewRecorded = 0
  /** The answer behind the last recorded view, as JSON. */
  #recordedAnswer: string | undefined
  #viewScheduled = false

  constructor(options: ClientHostOptions) {
    const { definition, signals } = options
    const { online, metered, dozing } = signals
    this.code = new CodeUnderTest(options, {
      module: definition.source ?? definition.module,
      browser: definition.capabilities.browser,
    })
    this.#options = options
    this.#intake = new Intake({
      from: 'client',
      record: (event) => this.#emit(event as ClientEvent | HostEvent),
      isPerformed: options.isPerformed,
    })
    this.#connectivity = new SettableSignal({ online, metered })
    this.#power = new SettableSignal({ charging: false, dozing })
  }

  get alive(): boolean {
    return this.code.alive
  }

  /** Creates the client on its existing database. */
  create(): void {
    const { definition, identity } = this.#options
    const ports = this.#ports()
    this.code.run('create', () => {
      this.#client = definition.create(ports, identity)
    })
  }

  /** Starts the client and reads its first view. Waits for neither: see {@link started}. */
  start(): void {
    const client = this.#client
    if (!client) return
    this.code.run('start', () => {
      Promise.resolve(client.start()).then(this.#onStarted, this.code.crash)
    })
    void this.#readView()
  }

  /** Passes a person's action to the client, and records when it is saved, refused and settled. */
  perform(action: Action): void {
    const client = this.#client
    if (!client) return
    const { opId } = action
    this.code.run(`perform(${opId})`, () => {
      const { saved, settled } = this.#intake.performed(opId, client.perform(action))
      settled?.then((outcome) => this.#intake.settled(opId, outcome), this.code.crash)
      saved
        ?.then((save) => {
          this.#intake.saved(opId, save)
          void this.#readView()
        })
        .catch(this.code.crash)
    })
  }

  /**
   * Reads the view and records it, even if it is the one recorded last. Resolves when the client
   * has answered; the answer may be that there is nothing to show yet.
   */
  async view(): Promise<void> {
    await this.#readView(true)
  }

  /** Sets the system's signals; the client is notified of those that change. */
  signal({ online, metered, dozing }: SignalState): void {
    this.code.run('a change of the network or the power', () => {
      this.#connectivity.set({ online, metered })
      this.#power.set({ dozing })
    })
  }

  /** Stops the client, which releases its timers and files. Rejects with the client's exception. */
  async stop(): Promise<void> {
    await this.#client?.stop()
  }

  #ports(): ClientPorts {
    const { clock, random, database, http, trace, onSpin } = this.#options
    const { connect, requests, standstill } = this.#options
    const ports: ClientPorts = {
      clock: hostedClock(clock, this.code, onSpin !== undefined),
      random,
      http,
      connect: observedConnect({ connect, log: requests, code: this.code }),
      database,
      connectivity: this.#connectivity,
      power: this.#power,
      standstill: hostedStandstill(standstill, this.code),
      recorder: {
        emit: (event) => void this.#intake.event(event),
        screen: () => this.#scheduleView(),
        note: (text, about) => void this.#intake.event({ type: 'note', text, ...about }),
      },
    }
    return tracedPorts(ports, trace, () => this.alive)
  }

  /** Coalesces hints: reads one view, after the promise reactions that are due now. */
  #scheduleView(): void {
    if (this.#viewScheduled || !this.alive) return
    this.#viewScheduled = true
    void Promise.resolve().then(() => {
      this.#viewScheduled = false
      void this.#readView()
    })
  }

  /**
   * Asks for the view and records the answer: at once if it comes at once, so that it is recorded
   * before anything else happens. Resolves with the answer.
   */
  #readView(evenIfEqual = false): Promise<void> | undefined {
    let late: Promise<void> | undefined
    this.code.run('view()', () => {
      const request = ++this.#viewsRequested
      const answer = this.#client?.view()
      if (!isThenable(answer)) {
        this.#recordView(answer, request, evenIfEqual)
        return
      }
      this.#emit({ type: 'viewRequested', request })
      late = Promise.resolve(answer)
        .then((view) => this.#recordView(view, request, evenIfEqual, { request }))
        .catch(this.code.crash)
    })
    return late
  }

  #recordView(
    answer: View | undefined,
    request: number,
    evenIfEqual: boolean,
    late?: { request: number },
  ): void {
    // An asynchronous view() may be overtaken by a later one: a history must not go back in time.
    if (!this.alive || request < this.#newestViewRecorded) return
    // Most hints are about nothing that the screen shows: compare before anything is checked.
    const json = jsonOf(answer)
    if (json !== undefined && json === this.#recordedAnswer && !evenIfEqual) return
    const view = this.#intake.view(answer)
    if (!view) return
    this.#newestViewRecorded = request
    this.#recordedAnswer = json
    this.#emit({ type: 'view', view, ...late })
  }

  #emit(event: ClientEvent | HostEvent): void {
    if (this.alive) this.#options.emit(event)
  }
}

/** Returns undefined for what has no JSON, such as an object that contains itself. */
function jsonOf(answer: View | undefined): string | undefined {
  try {
    return JSON.stringify(answer)
  } catch {
    return undefined
  }
}
