import type { Action } from '../../../harness/core/action.ts'
import type {
  Client,
  ClientDefinition,
  Saved,
  Settled,
  ViewRow,
} from '../../../harness/core/client.ts'
import type { ClientEvent } from '../../../harness/core/event.ts'
import {
  type Abort,
  HttpError,
  type HttpRequest,
  type HttpResponse,
} from '../../../harness/core/ports/http.ts'
import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import { SettableSignal } from '../../../harness/core/ports/signal.ts'
import type { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { seededRandom } from '../../../harness/core/random.ts'
import type { Server, ServerDefinition } from '../../../harness/core/server.ts'

export const SECOND = 1000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** What happens to a request: `forward` lets the server handle it. */
export type Network = (
  request: HttpRequest,
  forward: () => Promise<HttpResponse>,
) => Promise<HttpResponse>

export const good: Network = (_request, forward) => forward()
export const down: Network = () => Promise.reject(new HttpError('refused'))
/** The server handles it, and the answer never comes. */
export const lostAck: Network = async (_request, forward) => {
  await forward()
  throw new HttpError('reset')
}
export const answering =
  (status: number, body: string): Network =>
  async () => ({ status, headers: {}, body })

/** A server on the virtual clock. */
export function serverOn(clock: VirtualClock, definition: ServerDefinition): Server {
  return definition.create(
    {
      clock,
      random: seededRandom(7),
      database: new MemoryDisk().open(),
      recorder: { emit: () => {} },
      checkpoint: () => {},
    },
    { policy: 'last-write-wins', recordedThrough: 0 },
  )
}

/** A phone with the client under test on it, whose process can die. */
export class Phone {
  readonly connectivity = new SettableSignal({ online: true, metered: false })
  readonly events: ClientEvent[] = []
  readonly requests: HttpRequest[] = []
  network: Network = good
  client: Client
  readonly #clock: VirtualClock
  readonly #server: Server
  readonly #definition: ClientDefinition
  readonly #name: string
  readonly #disk = new MemoryDisk()
  #alive = { yes: true }
  #incarnation = 0

  constructor(name: string, clock: VirtualClock, server: Server, definition: ClientDefinition) {
    this.#name = name
    this.#clock = clock
    this.#server = server
    this.#definition = definition
    this.client = this.#boot()
  }

  /** SIGKILL, and a new process on what the disk holds. */
  restart(): void {
    this.#alive.yes = false
    this.client = this.#boot()
  }

  send(
    op: string,
    text: string,
    record = op,
  ): { saved: Promise<Saved>; settled?: Promise<Settled> } {
    return this.client.perform({
      type: 'create',
      op,
      collection: 'messages',
      record,
      content: { conversation: 'main', text },
    })
  }

  perform(action: Action): Promise<Saved> {
    return this.client.perform(action).saved
  }

  async rows(): Promise<readonly ViewRow[]> {
    return (await this.client.view()).rows
  }

  /** The screen in short: 'text status'. */
  async screen(): Promise<string[]> {
    return (await this.rows()).map(({ content, status }) =>
      [content.text, status].filter((part) => part !== undefined).join(' '),
    )
  }

  posts(): unknown[] {
    return this.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body ?? ''))
  }

  #boot(): Client {
    const alive = { yes: true }
    this.#alive = alive
    const clock = this.#clock
    const client = this.#definition.create(
      {
        clock: {
          now: () => clock.now(),
          wall: () => clock.wall(),
          after: (ms, task) => clock.after(ms, () => alive.yes && task()),
        },
        random: seededRandom(1).fork(`${this.#name} ${this.#incarnation++}`),
        http: { request: (request, abort) => this.#request(request, alive, abort) },
        database: this.#disk.open(() => alive.yes),
        connectivity: {
          get: () => this.connectivity.get(),
          onChange: (listener) =>
            this.connectivity.onChange((state) => alive.yes && listener(state)),
        },
        power: new SettableSignal({ charging: false, dozing: false }),
        recorder: { emit: (event) => alive.yes && this.events.push(event), screen: () => {} },
      },
      { device: this.#name, user: this.#name },
    )
    client.start()
    return client
  }

  #request(request: HttpRequest, alive: { yes: boolean }, abort?: Abort): Promise<HttpResponse> {
    this.requests.push(request)
    return new Promise((resolve, reject) => {
      abort?.addEventListener('abort', () => reject(new HttpError('aborted')))
      if (request.deadline !== undefined)
        this.#clock.after(request.deadline, () => alive.yes && reject(new HttpError('timeout')))
      this.network(request, () => this.#server.handle(request)).then(
        (response) => alive.yes && resolve(response),
        (error) => alive.yes && reject(error),
      )
    })
  }
}
