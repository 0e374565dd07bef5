import type { ServerEvent } from '../../harness/core/event.ts'
import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { MemoryDisk } from '../../harness/core/ports/memory-database.ts'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { seededRandom } from '../../harness/core/random.ts'
import {
  type PromptServer,
  REQUEST_HEADER,
  type ServerDefinition,
  USER_HEADER,
} from '../../harness/core/server.ts'
import { type ChangesResponse, changesResponseSchema } from '../protocol/changes.ts'
import { formatStamp } from '../protocol/hlc.ts'
import type { PushItem, RecordState } from '../protocol/item.ts'
import { messagesResponseSchema, sendResponseSchema } from '../protocol/messages.ts'
import { type PushResult, pushResponseSchema } from '../protocol/push.ts'

type EventsOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>[]

/** Thrown at a checkpoint to simulate a crash. */
export class SimulatedCrash extends Error {}

/** A server on a disk that survives restarts. Validates responses with the protocol's schemas. */
export class TestServer {
  readonly clock = new VirtualClock()
  /** The events recorded by all incarnations. */
  readonly events: ServerEvent[] = []
  /** Milliseconds by which the server's wall clock is ahead. */
  skewMs = 0
  crashAt: 'before-commit' | 'after-commit' | undefined
  /** If true, events are lost, as if the process dies before its pipe is flushed. */
  mute = false
  readonly #definition: ServerDefinition<PromptServer>
  readonly #policy: string
  readonly #disk = new MemoryDisk()
  #server: PromptServer
  #requests = 0

  constructor(definition: ServerDefinition<PromptServer>, policy = 'last-write-wins') {
    this.#definition = definition
    this.#policy = policy
    this.#server = this.#boot()
  }

  #boot(): PromptServer {
    return this.#definition.create(
      {
        clock: {
          now: () => this.clock.now(),
          wall: () => this.clock.wall() + this.skewMs,
          after: (ms, task) => this.clock.after(ms, task),
        },
        random: seededRandom(this.events.length + 1),
        database: this.#disk.open(),
        standstill: this.clock.standstill,
        recorder: {
          emit: (event) => {
            if (!this.mute) this.events.push(event)
          },
        },
        checkpoint: (point) => {
          if (this.crashAt !== point) return
          this.crashAt = undefined
          throw new SimulatedCrash(point)
        },
      },
      { policy: this.#policy, recordedThrough: this.of('serverCommit').at(-1)?.position ?? 0 },
    )
  }

  /** Starts a new incarnation on the same disk. */
  restart(): void {
    this.mute = false
    this.#server = this.#boot()
  }

  get dump() {
    return this.#server.dump()
  }

  of<Type extends ServerEvent['type']>(type: Type): EventsOf<Type> {
    return this.events.filter((event) => event.type === type) as EventsOf<Type>
  }

  /** Returns a stamp of `node`'s clock, `offsetMs` from now. */
  stamp(node: string, offsetMs = 0): string {
    return formatStamp({ ms: this.clock.wall() + offsetMs, counter: 0 }, node)
  }

  handle(request: HttpRequest): Promise<HttpResponse> {
    return this.#server.handle(request)
  }

  send(method: 'GET' | 'POST', path: string, body?: unknown, user = 'ana'): Promise<HttpResponse> {
    const headers = { [USER_HEADER]: user, [REQUEST_HEADER]: `r${++this.#requests}` }
    return this.#server.handle({
      method,
      path,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  async push(items: readonly PushItem[], user = 'ana'): Promise<PushResult[]> {
    const response = await this.send('POST', '/push', { items }, user)
    if (response.status !== 200)
      throw new Error(`POST /push: expected 200, got ${response.status} ${response.body}`)
    return pushResponseSchema.parse(JSON.parse(response.body)).results
  }

  async pushOne(item: PushItem, user = 'ana'): Promise<PushResult> {
    const [result] = await this.push([item], user)
    if (!result) throw new Error('POST /push: expected a result, got none')
    return result
  }

  async changes(query: string): Promise<ChangesResponse> {
    const response = await this.send('GET', `/changes?${query}`)
    if (response.status !== 200)
      throw new Error(`GET /changes: expected 200, got ${response.status} ${response.body}`)
    return changesResponseSchema.parse(JSON.parse(response.body))
  }

  async post(message: { id?: string; conversation: string; text: string }, user = 'ana') {
    const response = await this.send('POST', '/messages', message, user)
    if (response.status !== 201)
      throw new Error(`POST /messages: expected 201, got ${response.status} ${response.body}`)
    return sendResponseSchema.parse(JSON.parse(response.body))
  }

  /** Sends a request of the plain REST interface to a message. */
  rest(
    method: 'POST' | 'PUT' | 'DELETE',
    id: string,
    body?: unknown,
    user = 'ana',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpResponse> {
    return this.#server.handle({
      method,
      path: id === '' ? '/messages' : `/messages/${encodeURIComponent(id)}`,
      headers: { [USER_HEADER]: user, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  async messages(since = 0) {
    const response = await this.send('GET', `/messages?since=${since}`)
    return messagesResponseSchema.parse(JSON.parse(response.body)).messages
  }
}

/** The records of a client that pulls the changes. */
export class Replica {
  readonly records = new Map<string, RecordState>()
  cursor = 0
  epoch = ''

  /** Pulls one page. Returns false after the last one. */
  async page(server: TestServer, limit: number): Promise<boolean> {
    const page = await server.changes(`epoch=${this.epoch}&after=${this.cursor}&limit=${limit}`)
    for (const state of page.changes) {
      if (state.deleted) this.records.delete(`${state.collection}/${state.record}`)
      else this.records.set(`${state.collection}/${state.record}`, state)
    }
    this.cursor = page.next
    this.epoch = page.epoch
    return page.more
  }
}

let keys = 0
type Draft = {
  record?: string
  base?: number
  key?: string
  stamp: string
  collection?: string
  rev?: number
}

const common = ({
  record = 'n1',
  base = 0,
  key = `key-${++keys}`,
  stamp,
  collection = 'notes',
  rev = 1,
}: Draft) => ({
  key,
  collection,
  record,
  rev,
  base,
  stamp,
})

export const create = (draft: Draft, text = 'new'): PushItem => ({
  type: 'create',
  ...common(draft),
  content: { text },
})
export const update = (draft: Draft, text = 'edited'): PushItem => ({
  type: 'update',
  ...common(draft),
  content: { text },
})
export const remove = (draft: Draft): PushItem => ({ type: 'delete', ...common(draft) })
