import type { Clock } from '../../../core/ports/clock.ts'
import type { HttpRequest, HttpResponse } from '../../../core/ports/http.ts'
import { MemoryDisk } from '../../../core/ports/memory-database.ts'
import type { ByteStream } from '../../../core/ports/stream.ts'
import { VirtualClock } from '../../../core/ports/virtual-clock.ts'
import { worksInOrder } from '../../../core/ports/works-in-order.ts'
import { seededRandom } from '../../../core/random.ts'
import type { Server, ServerDump } from '../../../core/server.ts'
import { streamPair } from '../net/stream-pair.ts'
import { type NodeServer, nodeServer } from '../node-server.ts'

/** Plays the part of a world for one hosted server, and kills and starts it. */
export class Hosted {
  readonly clock = new VirtualClock()
  /** The errors that ended incarnations. */
  readonly deaths: unknown[] = []
  readonly #disk = new MemoryDisk()
  readonly #definition
  #server: Server | undefined
  #incarnations = 0

  constructor(about: Partial<NodeServer> & Pick<NodeServer, 'file'>) {
    this.#definition = nodeServer({ name: 'hosted', title: 'hosted', cwd: '/srv/app', ...about })
    this.start()
  }

  get server(): Server {
    if (!this.#server) throw new Error('the server is dead')
    return this.#server
  }

  start(): void {
    const incarnation = ++this.#incarnations
    const alive = () => this.#server !== undefined && this.#incarnations === incarnation
    const clock: Clock = {
      now: () => this.clock.now(),
      wall: () => this.clock.wall(),
      after: (ms, task) =>
        this.clock.after(ms, () => {
          if (!alive()) return
          try {
            task()
          } catch (error) {
            this.deaths.push(error)
            this.kill()
          }
        }),
    }
    this.#server = this.#definition.create(
      {
        clock,
        random: seededRandom(7).fork(`server/${incarnation}`),
        database: this.#disk.open(() => this.#incarnations === incarnation),
        standstill: worksInOrder(),
        recorder: { emit: () => {} },
        checkpoint: () => {},
      },
      { policy: 'last-write-wins', recordedThrough: 0 },
    )
  }

  kill(): void {
    this.#server = undefined
  }

  /** Lets time pass until the promise settles. */
  async done<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false
    const settled = () => {
      isSettled = true
    }
    promise.then(settled, settled)
    await this.clock.until(this.clock.now() + 3_600_000, () => isSettled)
    return promise
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    return this.done(this.server.handle(request))
  }

  get(path: string): Promise<HttpResponse> {
    return this.request({ method: 'GET', path })
  }

  dump(): Promise<ServerDump> {
    return this.done(Promise.resolve(this.server.dump()))
  }

  connect(): ByteStream {
    const [near, far] = streamPair()
    this.server.accept?.(far)
    return near
  }
}
