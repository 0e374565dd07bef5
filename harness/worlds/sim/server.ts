import type { EventBody } from '../../core/event.ts'
import { observeDump } from '../../core/observe.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { messageOf } from '../../core/problem.ts'
import type { Random } from '../../core/random.ts'
import { REQUEST_HEADER, type Server, type ServerDefinition } from '../../core/server.ts'
import type { StagedServer } from '../../core/world.ts'
import type { Accept } from './network.ts'

type CrashPoint = 'before-commit' | 'after-commit'

/** Unwinds the code of a server that has just died. It means nothing to anybody: all of the incarnation's ports are void. */
class Died extends Error {
  override readonly name = 'Died'
}

interface Incarnation {
  alive: boolean
  server: Server | undefined
}

/** How long the server thinks about a request: least and most. */
const THINKING = { least: 1, most: 6 }

/** The server under test with its disk, through all its incarnations. */
export class SimServer implements StagedServer {
  readonly #definition: ServerDefinition
  readonly #policy: string
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #record: (body: EventBody, node: string) => void
  readonly #onDeath: () => void
  readonly #disk = new MemoryDisk()
  #running: Incarnation | undefined
  #incarnations = 0
  #recordedThrough = 0
  #crashAt: CrashPoint | null = null

  constructor(options: {
    readonly definition: ServerDefinition
    readonly policy: string
    readonly clock: VirtualClock
    readonly random: Random
    readonly record: (body: EventBody, node: string) => void
    readonly onDeath: () => void
  }) {
    this.#definition = options.definition
    this.#policy = options.policy
    this.#clock = options.clock
    this.#random = options.random
    this.#record = options.record
    this.#onDeath = options.onDeath
  }

  async start(): Promise<void> {
    if (this.#running) return
    const number = ++this.#incarnations
    const incarnation: Incarnation = { alive: true, server: undefined }
    this.#running = incarnation
    this.#record({ type: 'start', incarnation: number }, 'server')
    incarnation.server = this.#definition.create(
      {
        clock: {
          now: () => this.#clock.now(),
          wall: () => this.#clock.wall(),
          after: (ms, task) => this.#clock.after(ms, () => incarnation.alive && task()),
        },
        random: this.#random.fork(`server/${number}`),
        database: this.#disk.open(() => incarnation.alive),
        recorder: {
          emit: (event) => {
            if (!incarnation.alive) return
            if (event.type === 'serverCommit')
              this.#recordedThrough = Math.max(this.#recordedThrough, event.position)
            this.#record(event, 'server')
          },
        },
        checkpoint: (point) => {
          if (!incarnation.alive) throw new Died()
          if (this.#crashAt !== point) return
          this.#die()
          throw new Died()
        },
      },
      { policy: this.#policy, recordedThrough: this.#recordedThrough },
    )
  }

  async kill(): Promise<void> {
    if (this.#running) this.#die()
  }

  crashAt(point: CrashPoint | null): void {
    this.#crashAt = point
  }

  async dump(): Promise<void> {
    const server = this.#running?.server
    if (server) this.#record(observeDump(server.dump()), 'server')
  }

  /** Takes a connection, while there is a process that listens. */
  readonly accept: Accept = (request, answer) => {
    const incarnation = this.#running
    if (!incarnation) return undefined
    const req = request.headers?.[REQUEST_HEADER] ?? ''
    let open = true
    const respond = (response: Parameters<typeof answer>[0]) => {
      if (!incarnation.alive) return
      this.#record({ type: 'serverResponded', req, status: response.status }, 'server')
      if (open) answer(response)
    }
    return {
      received: () => {
        if (!incarnation.alive) return
        this.#record({ type: 'serverReceived', req }, 'server')
        this.#clock.after(this.#random.int(THINKING.least, THINKING.most), () => {
          if (!incarnation.alive) return
          incarnation.server?.handle(request).then(respond, (error) => {
            if (!incarnation.alive) return
            this.#record({ type: 'error', message: messageOf(error) }, 'server')
            respond({ status: 500, headers: {}, body: '' })
          })
        })
      },
      closed: () => {
        open = false
      },
    }
  }

  #die(): void {
    const incarnation = this.#running
    if (!incarnation) return
    this.#record({ type: 'crash', incarnation: this.#incarnations, by: 'scenario' }, 'server')
    incarnation.alive = false
    this.#running = undefined
    this.#crashAt = null
    this.#onDeath()
  }
}
