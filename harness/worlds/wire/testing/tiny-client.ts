import type { Client, ClientDefinition, ClientPorts, Identity } from '../../../core/client.ts'
import { HttpError } from '../../../core/ports/http.ts'

/** The least client that exercises every port: keeps notes, posts each until it is answered, says what it sees. A word in a text makes it misbehave. */
class TinyClient implements Client {
  readonly #ports: ClientPorts
  readonly #who: Identity
  readonly #database

  constructor(ports: ClientPorts, who: Identity) {
    this.#ports = ports
    this.#who = who
    this.#database = ports.database({ notes: { key: 'record' } })
  }

  start(): void {
    this.#ports.connectivity.onChange(() => this.#ports.recorder.screen())
    for (const note of this.#notes()) if (!note.sent) void this.#post(note)
  }

  perform: Client['perform'] = (action) => {
    if (action.type !== 'create')
      return { saved: Promise.resolve({ refused: `cannot ${action.type}` }) }
    const text = String(action.content.text)
    if (text.startsWith('throw')) throw new Error('a tiny throw')
    if (text.startsWith('escape')) setTimeout(() => Promise.reject(new Error('a tiny escape')), 0)
    if (text.startsWith('print')) process.stdout.write('{"type":"crash"}\nhello world\n')
    if (text.startsWith('hang')) for (;;);
    const note: Note = { record: action.record, text, sent: false, wall: this.#ports.clock.wall() }
    this.#database.transaction((tables) => tables.table<Note>('notes').put(note))
    this.#ports.recorder.screen()
    const settled = this.#post(note).then(() => ({ outcome: 'acked' }) as const)
    return { saved: Promise.resolve({ durable: true }), settled }
  }

  view: Client['view'] = () => ({
    rows: this.#notes().map(({ record, text, sent }) => ({
      collection: 'notes',
      id: record,
      content: { text },
      status: sent ? ('sent' as const) : ('pending' as const),
    })),
    allSynced: this.#ports.connectivity.get().online && !this.#ports.power.get().dozing,
  })

  stop(): void {}

  #notes(): Note[] {
    return this.#database.read((tables) => tables.table<Note>('notes').all())
  }

  async #post(note: Note): Promise<void> {
    for (;;) {
      try {
        const body = JSON.stringify({
          ...note,
          device: this.#who.device,
          chance: this.#ports.random.next(),
        })
        await this.#ports.http.request({ method: 'POST', path: '/notes', body, deadline: 400_000 })
        break
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        await new Promise<void>((resolve) => this.#ports.clock.after(1000, resolve))
      }
    }
    this.#database.transaction((tables) => tables.table<Note>('notes').put({ ...note, sent: true }))
    this.#ports.recorder.screen()
  }
}

type Note = { record: string; text: string; sent: boolean; wall: number }

export const capabilities = {
  collections: ['notes'],
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
  recovery: 5000,
}

export default {
  name: 'testing/tiny',
  title: 'a tiny client',
  capabilities,
  create: (ports, who) => new TinyClient(ports, who),
  module: import.meta.url,
} satisfies ClientDefinition
