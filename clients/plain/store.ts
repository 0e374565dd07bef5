/**
 * Everything that must survive a kill: the server's list as it was read last, and the writes that
 * have no result yet. The screen is the list with the writes laid over it.
 *
 * @module
 */
import type { ViewRow } from '../../harness/core/client.ts'
import type { Database, Schema, Table, Tables } from '../../harness/core/ports/database.ts'

export const SCHEMA = {
  messages: { key: 'id', indexes: { shown: ['timestamp', 'id'] } },
  outbox: { key: 'number', indexes: { state: ['state'], message: ['id'] } },
  meta: { key: 'name' },
} as const satisfies Schema

/** A message as the server has it. */
export type Message = {
  readonly id: string
  readonly conversation: string
  readonly text: string
  /** When it was created, by the server's clock: its place on the screen. */
  readonly timestamp: number
}

/** A write that the server has not confirmed, or has refused. */
export type Write = {
  /** The order of writes on this device. */
  readonly number: number
  /** The idempotency key, made once. With it the server carries out a repeated request once. */
  readonly key: string
  readonly opId: string
  readonly type: 'create' | 'update' | 'delete'
  /** The message. */
  readonly id: string
  readonly conversation: string
  /** Empty for a deletion. */
  readonly text: string
  /** `failed`: refused for good. It stays, so that the person can read the text. */
  readonly state: 'pending' | 'failed'
  readonly attempts: number
}

export class Store {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Adds a write at the end of the outbox. */
  add(write: Omit<Write, 'number' | 'state' | 'attempts'>): void {
    this.#database.transaction((tables) => {
      const number = Number(metaIn(tables, 'number') ?? 0) + 1
      tables.table('meta').put({ name: 'number', value: number })
      outboxIn(tables).put({ ...write, number, state: 'pending', attempts: 0 })
    })
  }

  /** Returns the oldest pending write, and counts an attempt. */
  take(): Write | undefined {
    return this.#database.transaction((tables) => {
      const [write] = outboxIn(tables).by('state', { prefix: 'pending', limit: 1 })
      if (!write) return undefined
      const taken = { ...write, attempts: write.attempts + 1 }
      outboxIn(tables).put(taken)
      return taken
    })
  }

  hasPending(): boolean {
    return this.#database.read(
      (tables) => outboxIn(tables).by('state', { prefix: 'pending', limit: 1 }).length > 0,
    )
  }

  /**
   * Applies a write that was carried out: the list has it, and the outbox no longer. Refused writes
   * to the same message that came before it are forgotten: the person has replaced them.
   */
  confirm({ number, type, id, conversation, text }: Write, timestamp: number): void {
    this.#database.transaction((tables) => {
      for (const earlier of outboxIn(tables).by('message', { prefix: id }))
        if (earlier.number <= number) outboxIn(tables).delete(earlier.number)
      if (type === 'delete') listIn(tables).delete(id)
      else listIn(tables).put({ id, conversation, text, timestamp: placeOf(tables, id, timestamp) })
    })
  }

  /** Keeps a write that was refused for good. */
  fail(write: Write): void {
    this.#database.transaction((tables) => outboxIn(tables).put({ ...write, state: 'failed' }))
  }

  /** Replaces the list. What is missing in it was deleted. */
  replaceList(messages: readonly Message[], epoch: string): void {
    this.#database.transaction((tables) => {
      const missing = new Set(
        listIn(tables)
          .all()
          .map(({ id }) => id),
      )
      for (const message of messages) {
        missing.delete(message.id)
        listIn(tables).put(message)
      }
      for (const id of missing) listIn(tables).delete(id)
      tables.table('meta').put({ name: 'epoch', value: epoch })
    })
  }

  /** The epoch of the last list; empty before the first. */
  epoch(): string {
    return this.#database.read((tables) => String(metaIn(tables, 'epoch') ?? ''))
  }

  /** Returns the row of a message, if it is on the screen. */
  row(id: string): ViewRow | undefined {
    return this.#database.read((tables) =>
      rowOf(id, listIn(tables).get(id), outboxIn(tables).by('message', { prefix: id })),
    )
  }

  /** Returns the screen: the list in the server's order, then new messages in the order made. */
  rows(): ViewRow[] {
    return this.#database.read((tables) => {
      const listed = listIn(tables).by('shown')
      const ids = new Set(listed.map(({ id }) => id))
      for (const { id } of outboxIn(tables).all()) ids.add(id)
      return [...ids].flatMap(
        (id) =>
          rowOf(id, listIn(tables).get(id), outboxIn(tables).by('message', { prefix: id })) ?? [],
      )
    })
  }
}

/** Lays a message's writes over it, the oldest first. Undefined if it is not shown. */
function rowOf(
  id: string,
  message: Message | undefined,
  writes: readonly Write[],
): ViewRow | undefined {
  let shown: Pick<Message, 'conversation' | 'text'> | undefined = message
  let status: ViewRow['status'] = 'sent'
  for (const { type, conversation, text, state } of writes) {
    if (type !== 'delete') shown = { conversation, text }
    else if (state === 'pending') shown = undefined
    status = state
  }
  if (!shown) return undefined
  const { conversation, text } = shown
  return { collection: 'messages', id, content: { conversation, text }, status }
}

/** An edit keeps the place of its message. */
function placeOf(tables: Tables, id: string, timestamp: number): number {
  return listIn(tables).get(id)?.timestamp ?? timestamp
}

const listIn = (tables: Tables): Table<Message> => tables.table<Message>('messages')
const outboxIn = (tables: Tables): Table<Write> => tables.table<Write>('outbox')
const metaIn = (tables: Tables, name: string) =>
  tables.table<{ name: string; value: string | number }>('meta').get(name)?.value
