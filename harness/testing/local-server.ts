import type { ServerEvent } from '../core/event.ts'
import type { HttpRequest, HttpResponse } from '../core/ports/http.ts'
import { MemoryDisk } from '../core/ports/memory-database.ts'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { seededRandom } from '../core/random.ts'
import type { PromptServer, Server, ServerDefinition, ServerDump } from '../core/server.ts'

/**
 * A server under test, in memory and on a virtual clock. Its phones run on the same clock.
 *
 * @example
 * const server = new LocalServer(tinyServer, { policy: 'server-wins' })
 * const [ana, ben] = ['ana', 'ben'].map((name) => new Phone(tinyClient, { server, name }))
 */
export class LocalServer implements PromptServer {
  readonly clock: VirtualClock
  /** Everything that the server has recorded. */
  readonly events: ServerEvent[] = []
  readonly #server: Server

  /**
   * @param options.clock default: a new one
   * @param options.policy the conflict policy's name; default: last-write-wins
   * @param options.seed determines the server's random numbers; default: 7
   */
  constructor(
    definition: ServerDefinition,
    {
      clock = new VirtualClock(),
      policy = 'last-write-wins',
      seed = 7,
    }: { readonly clock?: VirtualClock; readonly policy?: string; readonly seed?: number } = {},
  ) {
    this.clock = clock
    this.#server = definition.create(
      {
        clock,
        random: seededRandom(seed),
        database: new MemoryDisk().open(),
        standstill: clock.standstill,
        recorder: { emit: (event) => this.events.push(event) },
        checkpoint: () => {},
      },
      { policy, recordedThrough: 0 },
    )
  }

  handle(request: HttpRequest): Promise<HttpResponse> {
    return this.#server.handle(request)
  }

  /** Throws if the server's dump is a promise: see {@link PromptServer}. */
  dump(): ServerDump {
    const dump = this.#server.dump()
    if ('rows' in dump) return dump
    throw new Error('expected a server whose dump is there at once; got a promise')
  }

  /** Returns `record text` for each row that is not deleted. */
  rows(): string[] {
    return this.dump()
      .rows.filter((row) => !row.deleted)
      .map((row) => `${row.record} ${row.content?.text}`)
  }

  /** Returns the writes that took effect, in commit order. */
  commits(): Extract<ServerEvent, { type: 'serverCommit' }>[] {
    return this.events.filter((event) => event.type === 'serverCommit')
  }
}
