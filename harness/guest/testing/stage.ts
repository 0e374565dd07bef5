import { joined, utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import { headBytes, headerRecord, type RequestHead } from '../../codec/http1-head.ts'
import { Http1Reader } from '../../codec/http1-reader.ts'
import type { ClientPorts } from '../../core/client.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import { SettableSignal } from '../../core/ports/signal.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { seededRandom } from '../../core/random.ts'
import { makeGlobals } from '../globals/index.ts'
import { Realm } from '../realm/realm.ts'
import { pipe } from './pipe.ts'

/** A request as the server of a test has received it. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer; a stream is written by hand. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export type Serve = (
  request: Received,
  stream: ByteStream,
) => Answer | undefined | Promise<Answer | undefined>

/** A device without a world: ports on a virtual clock, and a server that is a function. */
export class TestStage {
  readonly clock = new VirtualClock()
  readonly disk = new MemoryDisk()
  readonly connectivity = new SettableSignal({ online: true, metered: false })
  readonly power = new SettableSignal({ charging: false, dozing: false })
  readonly received: Received[] = []
  /** The server's ends of the connections. */
  readonly connections: ByteStream[] = []
  /** Errors that nobody caught. */
  readonly errors: unknown[] = []
  screens = 0
  serve: Serve = () => ({ status: 404 })
  #incarnation = 0
  #isAlive = true

  ports(seed = 1): ClientPorts {
    const incarnation = ++this.#incarnation
    const isAlive = () => this.#isAlive && incarnation === this.#incarnation
    const { clock } = this
    return {
      clock: {
        now: () => clock.now(),
        wall: () => clock.wall(),
        after: (ms, task) => clock.after(ms, () => isAlive() && task()),
      },
      random: seededRandom(seed).fork(String(incarnation)),
      connect: () => this.#connect(),
      database: this.disk.open(isAlive),
      connectivity: this.connectivity,
      power: this.power,
      standstill: (work) => clock.standstill(work),
      http: { request: () => Promise.reject(new Error('a guest has no use for it')) },
      recorder: { emit: () => {}, note: () => {}, screen: () => void this.screens++ },
    }
  }

  /** Makes the globals of a new incarnation; the last one is dead. */
  globals(seed?: number): Globals {
    const realm = new Realm(this.ports(seed))
    const { window } = makeGlobals(realm)
    const { onError } = realm
    realm.onError = (error) => {
      if (!onError(error)) this.errors.push(error)
      return true
    }
    return window as unknown as Globals
  }

  /** Lets time pass until a promise has settled. */
  async settle<Value>(promise: Promise<Value>, maxMs = 120_000): Promise<Value> {
    let isDone = false
    const done = () => {
      isDone = true
    }
    promise.then(done, done)
    await this.clock.until(this.clock.now() + maxMs, () => isDone)
    if (!isDone) throw new Error(`nothing came within ${maxMs} ms`)
    return promise
  }

  #connect(): ByteStream {
    const [client, server] = pipe(this.clock)
    this.connections.push(server)
    let head: RequestHead | undefined
    let parts: Uint8Array[] = []
    const reader = new Http1Reader('request', {
      head: (its) => {
        head = its as RequestHead
        parts = []
      },
      body: (bytes) => parts.push(bytes),
      end: () => void this.#answer(head as RequestHead, joined(parts), server),
      invalid: (reason) => {
        throw new Error(reason)
      },
    })
    server.receive({ data: (bytes) => reader.push(bytes), closed: () => {} })
    return client
  }

  async #answer({ method, path, headers }: RequestHead, body: Uint8Array, stream: ByteStream) {
    const request = { method, path, headers: headerRecord(headers), body: utf8Text(body) }
    this.received.push(request)
    const answer = await this.serve(request, stream)
    if (!answer) return
    const content = typeof answer.body === 'string' ? utf8Bytes(answer.body) : answer.body
    stream.write(
      headBytes({
        kind: 'response',
        version: 'HTTP/1.1',
        status: answer.status ?? 200,
        reason: 'Whatever',
        headers: [
          ...Object.entries(answer.headers ?? {}),
          ['Content-Length', String(content?.length ?? 0)],
        ],
      }),
    )
    if (content && method !== 'HEAD') stream.write(content)
  }
}

/** The globals as tests use them. */
export type Globals = typeof globalThis & {
  localStorage: Storage
  [name: string]: unknown
}
interface Storage {
  length: number
  getItem(name: string): string | null
  setItem(name: string, value: string): void
  removeItem(name: string): void
  key(place: number): string | null
  clear(): void
  [name: string]: unknown
}
