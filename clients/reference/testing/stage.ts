import type { Action } from '../../../harness/core/action.ts'
import type { Client, Saved, View } from '../../../harness/core/client.ts'
import type { ClientEvent } from '../../../harness/core/event.ts'
import type { Abort, Http, HttpRequest, HttpResponse } from '../../../harness/core/ports/http.ts'
import { HttpError } from '../../../harness/core/ports/http.ts'
import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import {
  type ConnectivityState,
  type PowerState,
  SettableSignal,
} from '../../../harness/core/ports/signal.ts'
import type { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { seededRandom } from '../../../harness/core/random.ts'
import type { PushItem } from '../../../server-stub/protocol/item.ts'
import reference from '../index.ts'

/** Answers one request of a device: a response, or a throw of HttpError. It may take its time. */
export type Answerer = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>

/** One phone under test: its disk outlives its incarnations, of which one at a time runs. */
export class Phone {
  readonly name: string
  readonly clock: VirtualClock
  readonly connectivity = new SettableSignal<ConnectivityState>({ online: true, metered: false })
  readonly requests: (HttpRequest & { readonly at: number })[] = []
  readonly events: ClientEvent[] = []
  answer: Answerer
  /** The wall clock is so much off. */
  skew = 0
  /** Every commit fails. */
  diskFull = false
  /** Dies at a transaction: after `left` more of them, right before or right after the disk has taken it. */
  doom: { left: number; readonly when: 'before' | 'after' } | undefined
  readonly #disk = new MemoryDisk()
  readonly #seed: number
  #incarnation = 0
  #alive = false
  #client: Client | undefined

  constructor(clock: VirtualClock, answer: Answerer, { name = 'ana', seed = 1 } = {}) {
    this.clock = clock
    this.answer = answer
    this.name = name
    this.#seed = seed
  }

  get alive(): boolean {
    return this.#alive
  }

  start(): void {
    if (this.#alive) return
    const incarnation = ++this.#incarnation
    this.#alive = true
    const lives = () => this.#alive && this.#incarnation === incarnation
    const { clock, skew } = this
    const client = reference.create(
      {
        clock: {
          now: () => clock.now(),
          wall: () => clock.wall() + skew,
          after: (ms, task) => clock.after(ms, () => lives() && task()),
        },
        random: seededRandom(this.#seed).fork(`${this.name} ${incarnation}`),
        http: this.#http(lives),
        database: this.#disk.open(() => {
          if (!lives()) return false
          if (this.diskFull) throw new Error('disk full')
          const { doom } = this
          if (!doom || doom.left-- > 0) return true
          this.kill()
          return doom.when === 'after'
        }),
        connectivity: this.connectivity,
        power: new SettableSignal<PowerState>({ charging: false, dozing: false }),
        recorder: { emit: (event) => lives() && this.events.push(event), screen: () => {} },
      },
      { device: this.name, user: this.name },
    )
    if (!lives()) return
    this.#client = client
    client.start()
  }

  /** SIGKILL: nothing of this incarnation has any effect from here on. */
  kill(): void {
    this.#alive = false
    this.#client = undefined
    this.doom = undefined
  }

  stop(): void {
    this.#client?.stop()
  }

  /** What the person was told; undefined when the phone was dead or died of it. */
  async perform(action: Action): Promise<Saved | undefined> {
    const client = this.#client
    if (!client) return undefined
    const { saved } = client.perform(action)
    const told = await saved
    return this.#client === client ? told : undefined
  }

  /** How an action ended; hangs as long as nobody says. */
  settled(action: Action): Promise<string> {
    const performed = this.#client?.perform(action)
    return performed?.settled?.then(({ outcome }) => outcome) ?? new Promise(() => {})
  }

  view(): View {
    if (!this.#client) throw new Error(`${this.name} is dead`)
    return this.#client.view() as View
  }

  /** 'text status' of each row. */
  screen(): string[] {
    return this.view().rows.map(({ content, status }) => `${content.text} ${status}`)
  }

  pushes(): HttpRequest[] {
    return this.requests.filter(({ path }) => path === '/push')
  }

  #http(lives: () => boolean): Http {
    return {
      request: (request, abort) =>
        new Promise((resolve, reject) => {
          if (!lives()) return
          this.requests.push({ ...request, at: this.clock.now() })
          let open = true
          const end = (settle: () => void) => {
            if (!open) return
            open = false
            if (lives()) settle()
          }
          onAbort(abort, () => end(() => reject(new HttpError('aborted'))))
          if (request.deadline !== undefined)
            this.clock.after(request.deadline, () => end(() => reject(new HttpError('timeout'))))
          // A request takes a moment, so that nothing comes back within the turn that sent it.
          this.clock.after(1, () => {
            Promise.resolve()
              .then(() => this.answer(request))
              .then(
                (response) => end(() => resolve(response)),
                (error) => end(() => reject(error)),
              )
          })
        }),
    }
  }
}

function onAbort(abort: Abort | undefined, listener: () => void): void {
  abort?.addEventListener('abort', listener)
}

/** No answer, ever. */
export const hang: Answerer = () => new Promise(() => {})

export const fail =
  (failure: HttpError['failure']): Answerer =>
  () => {
    throw new HttpError(failure)
  }

export function json(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  }
}

/** The items of a push; none for any other request. */
export function itemsOf({ path, body }: HttpRequest): PushItem[] {
  return path === '/push' ? (JSON.parse(body ?? '') as { items: PushItem[] }).items : []
}

export const message = (op: string, text = op, conversation = 'c'): Action => ({
  type: 'create',
  op,
  collection: 'messages',
  record: `record-${op}`,
  content: { conversation, text },
})
export const edit = (op: string, of: string, text = op): Action => ({
  type: 'update',
  op,
  collection: 'messages',
  record: `record-${of}`,
  content: { conversation: 'c', text },
})
export const erase = (op: string, of: string): Action => ({
  type: 'delete',
  op,
  collection: 'messages',
  record: `record-${of}`,
})
export const takeBack = (op: string, target: string): Action => ({ type: 'cancel', op, target })
