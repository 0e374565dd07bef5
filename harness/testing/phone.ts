/**
 * A phone for tests: runs one client in memory, on virtual time, with a disk that survives kills
 * and a network that the test scripts. Use it to test a client without playing whole scenarios.
 *
 * @module
 */
import type { Action } from '../core/action.ts'
import type { Client, ClientDefinition, Saved, Settled, View } from '../core/client.ts'
import type { ClientEvent } from '../core/event.ts'
import {
  type Abort,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../core/ports/http.ts'
import { MemoryDisk } from '../core/ports/memory-database.ts'
import {
  type ConnectivityState,
  type PowerState,
  SettableSignal,
  type Signal,
} from '../core/ports/signal.ts'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { type Random, seededRandom } from '../core/random.ts'
import type { Server } from '../core/server.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { healthy, type Network } from './network.ts'

/** Scenario milliseconds. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** The time a request needs to leave the phone: no response can arrive in the turn that asked. */
const SEND_MS = 1

export interface PhoneOptions {
  /** Default: the server's, or a new one. */
  readonly clock?: VirtualClock
  /** The server behind the network. Default: none; forwarded requests are refused. */
  readonly server?: Pick<Server, 'handle'> & { readonly clock?: VirtualClock }
  /** Default: healthy. Can be replaced at any time. */
  readonly network?: Network
  /** The device's name, and its user's. Default: ana. */
  readonly name?: string
  /** Decides the client's random numbers, together with the name and the number of starts. */
  readonly seed?: number
}

/** A request as it left the phone, with its instant. */
export interface SentRequest extends HttpRequest {
  readonly at: number
}

/** The two moments of an action, as {@link Client.perform} reports them. */
export interface PhonePerformed {
  /** Undefined if the phone was dead, or was killed before the client reported anything. */
  readonly saved: Promise<Saved | undefined>
  /** Never resolves if the client does not report it. */
  readonly settled: Promise<Settled>
}

/** One run of the client, from a start to a kill. */
interface Incarnation {
  client?: Client
}

/**
 * One phone with the client under test. It is off until {@link Phone.start}. At most one
 * incarnation of the client runs at a time; all of them share the disk.
 *
 * @example
 * import { message } from './actions.ts'
 *
 * const phone = new Phone(tinyClient, { server: new LocalServer(tinyServer) })
 * await phone.start()
 * phone.network = fail('refused')
 * phone.perform(message('hello'))
 * phone.kill()
 * await phone.advance('1m')
 * phone.network = healthy
 * await phone.start()
 * await phone.advance('1m')
 * expect(await phone.screen()).toEqual(['hello sent'])
 */
export class Phone {
  readonly name: string
  readonly clock: VirtualClock
  readonly connectivity = new SettableSignal<ConnectivityState>({ online: true, metered: false })
  readonly power = new SettableSignal<PowerState>({ charging: false, dozing: false })
  /** Every request, in the order sent, of all incarnations. */
  readonly requests: SentRequest[] = []
  /** Every event that the client has recorded, of all incarnations. */
  readonly events: ClientEvent[] = []
  /** Decides what happens to each request from now on. */
  network: Network
  /** Milliseconds that the wall clock is ahead; negative: behind. */
  skewMs = 0
  /** Lets every transaction fail. */
  diskFull = false
  /**
   * Kills the phone at a commit: right before or right after that commit reaches the disk.
   * `skip`: the number of commits that still succeed first.
   */
  killAtCommit: { skip: number; readonly moment: 'before' | 'after' } | undefined
  readonly #definition: Pick<ClientDefinition, 'create'>
  readonly #server: Pick<Server, 'handle'> | undefined
  readonly #disk = new MemoryDisk()
  readonly #random: Random
  #starts = 0
  #current: Incarnation | undefined

  constructor(
    definition: Pick<ClientDefinition, 'create'>,
    {
      server,
      clock = server?.clock ?? new VirtualClock(),
      network = healthy,
      name = 'ana',
      seed = 1,
    }: PhoneOptions = {},
  ) {
    this.#definition = definition
    this.#server = server
    this.#random = seededRandom(seed)
    this.clock = clock
    this.network = network
    this.name = name
  }

  get alive(): boolean {
    return this.#current !== undefined
  }

  /** Starts the client on what the disk holds. A no-op on a phone that runs. */
  async start(): Promise<void> {
    if (this.#current) return
    const incarnation: Incarnation = {}
    this.#current = incarnation
    this.#starts += 1
    const { clock } = this
    const lives = () => this.#current === incarnation
    const client = this.#definition.create(
      {
        clock: {
          now: () => clock.now(),
          wall: () => clock.wall() + this.skewMs,
          after: (ms, task) => clock.after(ms, () => lives() && task()),
        },
        random: this.#random.fork(`${this.name} ${this.#starts}`),
        http: { request: (request, abort) => this.#request(lives, request, abort) },
        database: this.#disk.open(() => lives() && this.#mayCommit()),
        connectivity: whileAlive(lives, this.connectivity),
        power: whileAlive(lives, this.power),
        recorder: { emit: (event) => lives() && this.events.push(event), screen: () => {} },
      },
      { device: this.name, user: this.name },
    )
    if (!lives()) return
    incarnation.client = client
    await client.start()
  }

  /** SIGKILL: revokes the ports of the running incarnation. Requests already sent still arrive. */
  kill(): void {
    this.#current = undefined
    this.killAtCommit = undefined
  }

  /** Kills the client and starts a new incarnation. */
  restart(): Promise<void> {
    this.kill()
    return this.start()
  }

  /** Calls the client's stop(). Its process stays alive until kill(). */
  async stop(): Promise<void> {
    await this.#current?.client?.stop()
  }

  perform(action: Action): PhonePerformed {
    const incarnation = this.#current
    const performed = incarnation?.client?.perform(action)
    return {
      saved: Promise.resolve(performed?.saved).then((saved) =>
        this.#current === incarnation ? saved : undefined,
      ),
      settled: performed?.settled ?? new Promise(() => {}),
    }
  }

  /** Takes a snapshot of the screen. Throws if the phone is dead. */
  async view(): Promise<View> {
    const client = this.#current?.client
    if (!client) throw new Error(`phone '${this.name}' must be started before its view can be read`)
    return client.view()
  }

  /** `text status` of each row on the screen; `text` alone for a client without statuses. */
  async screen(): Promise<string[]> {
    const { rows } = await this.view()
    return rows.map(({ content: { text }, status }) => (status ? `${text} ${status}` : `${text}`))
  }

  /** Moves time on, for everything on this clock. */
  advance(span: Duration): Promise<void> {
    return this.clock.advance(milliseconds(span))
  }

  /** Applies `diskFull` and `killAtCommit`. Returns whether the commit reaches the disk. */
  #mayCommit(): boolean {
    if (this.diskFull) throw new Error('disk full')
    const plan = this.killAtCommit
    if (!plan || plan.skip-- > 0) return true
    this.kill()
    return plan.moment === 'after'
  }

  #request(lives: () => boolean, request: HttpRequest, abort?: Abort): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (!lives()) return
      const failWith = (failure: HttpFailure) => lives() && reject(new HttpError(failure))
      if (abort?.aborted) return failWith('aborted')
      this.requests.push({ ...request, at: this.clock.now() })
      abort?.addEventListener('abort', () => failWith('aborted'))
      if (request.deadline !== undefined)
        this.clock.after(request.deadline, () => failWith('timeout'))
      this.clock.after(SEND_MS, () => {
        this.#send(request).then(
          (response) => lives() && resolve(response),
          (error) => lives() && reject(error),
        )
      })
    })
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    return this.network(request, async () => {
      if (!this.#server) throw new HttpError('refused')
      return this.#server.handle(request)
    })
  }
}

/** The same signal, whose listeners are no longer called once the incarnation is dead. */
function whileAlive<State>(lives: () => boolean, signal: Signal<State>): Signal<State> {
  return {
    get: () => signal.get(),
    onChange: (listener) => signal.onChange((state) => lives() && listener(state)),
  }
}
