/**
 * A phone for tests: runs one client in memory and in virtual time, with a disk that survives kills
 * and a scripted network. Use it to test a client without playing whole scenarios.
 *
 * @module
 */
import { serveHttp1 } from '../codec/http1-server.ts'
import { StreamSide } from '../codec/stream-side.ts'
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
import type { ByteStream } from '../core/ports/stream.ts'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { type Random, seededRandom } from '../core/random.ts'
import type { Server } from '../core/server.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { healthy, type Network } from './network.ts'

/** Scenario milliseconds. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** The time that a request needs to leave the phone, so that no response arrives at once. */
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
  /** Determines the client's random numbers, with the name and the number of starts. Default: 1. */
  readonly seed?: number
}

/** A request that left the phone. `at` is the instant in scenario milliseconds. */
export interface SentRequest extends HttpRequest {
  readonly at: number
}

/** The two reports of a client on an action, as from {@link Client.perform}. */
export interface PhonePerformed {
  /** Resolves with undefined if the phone was dead, or was killed before the client reported it. */
  readonly saved: Promise<Saved | undefined>
  /** Never resolves if the client does not report it. */
  readonly settled: Promise<Settled>
}

/** A run of the client, from a start to a kill. */
interface Incarnation {
  client?: Client
}

/**
 * A phone with the client under test. The client runs from {@link Phone.start} to a kill. At most
 * one incarnation runs at a time; all of them share the disk.
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
  /** The requests of all incarnations, in the order in which they were sent. */
  readonly requests: SentRequest[] = []
  /** The events that all incarnations of the client have recorded. */
  readonly events: ClientEvent[] = []
  /** Handles each request from now on. Can be replaced at any time. */
  network: Network
  /** Milliseconds that the wall clock is ahead; negative: behind. */
  skewMs = 0
  /** If true, every transaction throws. */
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

  /** Starts the client from what the disk holds. Does nothing on a phone that runs. */
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
        connect: () => this.#connect(lives),
        standstill: clock.standstill,
        database: this.#disk.open(() => lives() && this.#mayCommit()),
        connectivity: whileAlive(lives, this.connectivity),
        power: whileAlive(lives, this.power),
        recorder: {
          emit: (event) => lives() && this.events.push(event),
          screen: () => {},
          note: (text, about) => lives() && this.events.push({ type: 'note', text, ...about }),
        },
      },
      { device: this.name, user: this.name },
    )
    if (!lives()) return
    incarnation.client = client
    await client.start()
  }

  /** Kills the client: revokes the ports of its incarnation. Requests already sent still arrive. */
  kill(): void {
    this.#current = undefined
    this.killAtCommit = undefined
  }

  /** Kills the client and starts a new incarnation. */
  restart(): Promise<void> {
    this.kill()
    return this.start()
  }

  /** Calls the client's stop(). The phone counts as alive until kill(). */
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

  /** Takes a snapshot of the screen; no rows if it shows nothing yet. Throws if it is dead. */
  async view(): Promise<View> {
    const client = this.#current?.client
    if (!client) throw new Error(`phone '${this.name}' must be started before its view can be read`)
    return (await client.view()) ?? { rows: [] }
  }

  /** Returns `text status` for each row on the screen; `text` alone for rows without a status. */
  async screen(): Promise<string[]> {
    const { rows } = await this.view()
    return rows.map(({ content: { text }, status }) => (status ? `${text} ${status}` : `${text}`))
  }

  /** Moves the clock forward, for everything that runs on it. */
  advance(span: Duration): Promise<void> {
    return this.clock.advance(milliseconds(span))
  }

  /** Applies `diskFull` and `killAtCommit`. Returns true if the commit reaches the disk. */
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

  /** Opens a connection to the server, whose HTTP/1.1 requests pass the scripted network. */
  #connect(lives: () => boolean): ByteStream {
    const later = (task: () => void) => void this.clock.after(SEND_MS, task)
    const toPhone = (task: () => void) => later(() => lives() && task())
    const phone = new StreamSide({
      write: (bytes) => lives() && later(() => server.data(bytes)),
      end: () => lives() && later(() => server.closed('end')),
      reset: () => lives() && later(() => server.closed('reset')),
    })
    const server = new StreamSide({
      write: (bytes) => toPhone(() => phone.data(bytes)),
      end: () => toPhone(() => phone.closed('end')),
      reset: () => toPhone(() => phone.closed('reset')),
    })
    serveHttp1(server, (request, respond) => {
      this.requests.push({ ...request, at: this.clock.now() })
      this.#send(request).then(respond, () => server.reset())
    })
    return phone
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    return this.network(request, async () => {
      if (!this.#server) throw new HttpError('refused')
      return this.#server.handle(request)
    })
  }
}

/** Returns the same signal, but calls listeners only while the incarnation is alive. */
function whileAlive<State>(lives: () => boolean, signal: Signal<State>): Signal<State> {
  return {
    get: () => signal.get(),
    onChange: (listener) => signal.onChange((state) => lives() && listener(state)),
  }
}
