import type { ServerEvent } from '../../../harness/core/event.ts'
import type { HttpResponse } from '../../../harness/core/ports/http.ts'
import { HttpError } from '../../../harness/core/ports/http.ts'
import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import type { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { seededRandom } from '../../../harness/core/random.ts'
import type { Server, ServerDump } from '../../../harness/core/server.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import { type Answerer, itemsOf } from './stage.ts'

/** The server stub in memory, and what it recorded. */
export class Backend {
  readonly events: ServerEvent[] = []
  /** The text that each key brought, as it was sent. */
  readonly written = new Map<string | undefined, unknown>()
  readonly #server: Server

  constructor(clock: VirtualClock, { policy = 'last-write-wins', seed = 7 } = {}) {
    this.#server = dedup.create(
      {
        clock,
        random: seededRandom(seed),
        database: new MemoryDisk().open(),
        recorder: { emit: (event) => this.events.push(event) },
        checkpoint: () => {},
      },
      { policy, recordedThrough: 0 },
    )
  }

  readonly answer = (request: Parameters<Answerer>[0]): Promise<HttpResponse> => {
    for (const item of itemsOf(request))
      this.written.set(item.key, 'content' in item ? item.content.text : undefined)
    return this.#server.handle(request)
  }

  /** The request is carried out, its answer lost. */
  readonly loseAnswer: Answerer = async (request) => {
    await this.answer(request)
    throw new HttpError('cut')
  }

  dump(): ServerDump {
    return this.#server.dump()
  }

  /** 'record text' of each live row, and the number of effective writes. */
  rows(): string[] {
    return this.dump()
      .rows.filter((row) => !row.deleted)
      .map((row) => `${row.record} ${row.content?.text}`)
  }

  commits() {
    return this.events.filter((event) => event.type === 'serverCommit')
  }
}
