import type { Client, ClientDefinition, ClientPorts, Identity, View } from '../core/client.ts'
import { sleep } from '../core/ports/clock.ts'
import type { Database, Row } from '../core/ports/database.ts'
import { HttpError, type HttpRequest } from '../core/ports/http.ts'

/** Misbehaviours that a message asks of the tiny client: its text begins with one of these. */
export type Misbehaviour =
  | 'throws in perform'
  | 'rejects saved'
  | 'rejects settled'
  | 'throws in view'
  | 'throws in a timer'
  | 'leaves a rejection unhandled'
  /** At every later start on the same disk, like the next one. */
  | 'throws in create'
  | 'rejects start'
  /** At every later start on the same disk. */
  | 'never starts'
  /** Never returns from perform. */
  | 'hangs'
  /** Sets timer after timer, none of which waits. */
  | 'spins on its clock'
  | 'never saves'
  /** From then on, like the next two. Each answer is what view() would have returned at once. */
  | 'answers view late'
  | 'never answers view'
  | 'shows nothing'
  /** Writes to the console. */
  | 'chatters'
  /** Changes its screen several times in one turn, with a hint each time. */
  | 'flickers'
  /** Hints at its screen several times, though nothing has changed. */
  | 'repeats itself'
  /** Of the last three, everything but the named report is right. */
  | 'shows a wrong status'
  | 'saves with a wrong claim'
  | 'reports a wrong event'

interface Draft extends Row {
  readonly key: string
  readonly n: number
  readonly record: string
  readonly text: string
  readonly sent: 0 | 1
}

const RETRY_MS = 3000
const DEADLINE_MS = 5000
const HINTS = 5
const LATE_MS = 500

/**
 * The smallest correct client, for tests of worlds: stores messages, and sends each one until the
 * server has it. To refresh, it sends a request without a message. It notes each response that is
 * not the tiny server's.
 */
class TinyClient implements Client {
  readonly #ports: ClientPorts
  readonly #device: string
  readonly #database: Database
  readonly #attempts = new Map<string, number>()
  readonly #onSent = new Map<string, () => void>()
  #draining = false
  #viewError: Error | undefined
  #answer = (view: View): ReturnType<Client['view']> => view
  #badge: number | undefined

  constructor(ports: ClientPorts, { device }: Identity) {
    this.#ports = ports
    this.#device = device
    this.#database = ports.database({ drafts: { key: 'key', indexes: { n: ['n'] } } })
    if (this.#stored('throws in create')) throw asked('throws in create')
  }

  async start(): Promise<void> {
    const { clock, connectivity, power, recorder } = this.#ports
    if (this.#stored('rejects start')) throw asked('rejects start')
    if (this.#stored('never starts')) await new Promise(() => {})
    connectivity.onChange(() => recorder.screen())
    power.onChange(() => recorder.screen())
    clock.after(0, () => this.#drain())
  }

  perform: Client['perform'] = (action) => {
    if (action.type === 'refresh') {
      void this.#request({ method: 'GET', path: '/items' })
      return { saved: Promise.resolve({ durable: false }) }
    }
    if (action.type !== 'create')
      return { saved: Promise.resolve({ refused: 'a tiny client only sends' }) }
    const text = String(action.content.text)
    const misbehaves = (how: Misbehaviour) => text.startsWith(how)
    if (misbehaves('throws in perform')) throw asked('throws in perform')
    if (misbehaves('hangs')) for (;;);
    if (misbehaves('throws in view')) this.#viewError = asked('throws in view')
    if (misbehaves('throws in a timer'))
      this.#ports.clock.after(1, () => {
        throw asked('throws in a timer')
      })
    if (misbehaves('leaves a rejection unhandled'))
      this.#ports.clock.after(1, () => Promise.reject(asked('leaves a rejection unhandled')))
    if (misbehaves('spins on its clock')) this.#spin()
    if (misbehaves('answers view late'))
      this.#answer = async (view) => {
        await sleep(this.#ports.clock, LATE_MS)
        return view
      }
    if (misbehaves('never answers view')) this.#answer = () => new Promise(() => {})
    if (misbehaves('shows nothing')) this.#answer = () => undefined
    if (misbehaves('chatters')) {
      console.log('%s says %d %%', this.#device, 100, { chatters: true })
      console.error(asked('chatters'))
    }
    if (misbehaves('flickers')) this.#flicker()
    if (misbehaves('repeats itself')) this.#repeatHints()
    if (misbehaves('reports a wrong event'))
      this.#ports.recorder.emit({ type: 'delivered', opId: action.opId } as never)

    const key = `key-${action.opId}`
    this.#store({ key, n: 0, record: action.record, text, sent: 0 }, action.opId)
    const settled = new Promise<{ outcome: 'acked' }>((resolve, reject) => {
      this.#onSent.set(key, () => resolve({ outcome: 'acked' }))
      if (misbehaves('rejects settled')) reject(asked('rejects settled'))
    })
    if (misbehaves('never saves')) return { saved: new Promise(() => {}), settled }
    const saved = misbehaves('rejects saved')
      ? Promise.reject(asked('rejects saved'))
      : Promise.resolve({
          durable: misbehaves('saves with a wrong claim') ? ('yes' as never) : true,
        })
    return { saved, settled }
  }

  view: Client['view'] = () => {
    if (this.#viewError) throw this.#viewError
    return this.#answer({
      rows: this.#drafts().map(({ key, record, text, sent }) => ({
        collection: 'messages',
        id: key,
        record,
        content: { conversation: 'main', text },
        status: statusOf(text, sent),
      })),
      ...(this.#badge !== undefined && { pending: this.#badge }),
      // Misused on purpose: shows a test which signals have arrived.
      allSynced: this.#ports.connectivity.get().online && !this.#ports.power.get().dozing,
    })
  }

  stop(): void {}

  #drafts(): Draft[] {
    return this.#database.read((tables) => tables.table<Draft>('drafts').by('n'))
  }

  #stored(how: Misbehaviour): boolean {
    return this.#drafts().some(({ text }) => text.startsWith(how))
  }

  #store(draft: Draft, opId: string): void {
    this.#database.transaction((tables) => {
      const table = tables.table<Draft>('drafts')
      table.put({ ...draft, n: table.count() + 1 })
    })
    const { clock, recorder } = this.#ports
    recorder.emit({
      type: 'localCommit',
      opId,
      key: draft.key,
      write: 'create',
      collection: 'messages',
      record: draft.record,
      rev: 1,
    })
    clock.after(0, () => this.#drain())
  }

  /** Sends one draft after the other; after a failure, tries again later. */
  async #drain(): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    for (let draft = this.#next(); draft; draft = this.#next()) {
      if (!(await this.#send(draft))) {
        this.#ports.clock.after(RETRY_MS, () => this.#drain())
        break
      }
    }
    this.#draining = false
  }

  #next(): Draft | undefined {
    return this.#drafts().find(({ sent }) => sent === 0)
  }

  async #send(draft: Draft): Promise<boolean> {
    const { random, recorder } = this.#ports
    const { key, record, text } = draft
    const attempt = (this.#attempts.get(key) ?? 0) + 1
    this.#attempts.set(key, attempt)
    const body = { key, record, text, author: this.#device, chance: random.next() }
    const isStored = await this.#request({
      method: 'POST',
      path: '/items',
      body: JSON.stringify(body),
      about: [{ key, attempt }],
    })
    if (!isStored) return false
    this.#database.transaction((tables) => tables.table<Draft>('drafts').put({ ...draft, sent: 1 }))
    recorder.emit({ type: 'ackApplied', key, rev: 1, outcome: 'applied', cleared: true })
    recorder.screen()
    this.#onSent.get(key)?.()
    return true
  }

  /** Resolves to true if the tiny server itself has carried the request out. */
  async #request(request: HttpRequest): Promise<boolean> {
    const { http, recorder } = this.#ports
    try {
      const { status, headers, body } = await http.request({ ...request, deadline: DEADLINE_MS })
      if (status < 300 && body === '{}') return true
      const retryAfter = headers['retry-after']
      const wait = retryAfter === undefined ? '' : `, retry after ${retryAfter}`
      recorder.note(`${request.method} got ${status}${wait}: ${body}`)
      return false
    } catch (error) {
      if (error instanceof HttpError) return false
      throw error
    }
  }

  #spin(): void {
    this.#ports.clock.after(0, () => this.#spin())
  }

  #flicker(): void {
    for (let badge = 1; badge <= HINTS; badge++) {
      this.#badge = badge
      this.#ports.recorder.screen()
    }
  }

  #repeatHints(): void {
    for (let i = 1; i <= HINTS; i++) this.#ports.clock.after(i, () => this.#ports.recorder.screen())
  }
}

function statusOf(text: string, sent: 0 | 1): 'pending' | 'sent' {
  const wrong: Misbehaviour = 'shows a wrong status'
  if (sent && text.startsWith(wrong)) return 'delivered' as never
  return sent ? 'sent' : 'pending'
}

const asked = (how: Misbehaviour) => new Error(`${how}, as asked`)

const tinyClient: ClientDefinition = {
  name: 'tiny',
  title: 'the smallest correct client',
  module: import.meta.url,
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    statuses: true,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: true,
    conflicts: false,
    ordered: false,
    recovery: 10_000,
  },
  create: (ports, identity) => new TinyClient(ports, identity),
}

export default tinyClient
