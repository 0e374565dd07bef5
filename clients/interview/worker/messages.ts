import type { Database, Schema, Table, Tables } from '../../../harness/core/ports/database.ts'
import type { ReceivedMessage } from '../api.ts'

/** A message. Its whole sync state is one boolean. */
export type MessageRow = {
  /** A UUID made on this device, or the server's id for a message of another user. */
  readonly id: string
  readonly conversation: string
  readonly text: string
  readonly isSynced: 0 | 1
  /** The order of insertion. */
  readonly position: number
  /** Revision: from 1, raised by each local edit. */
  readonly rev: number
  /** The record and the operation of the action, for messages written on this device. */
  readonly record?: string
  readonly opId?: string
  /** The server's id and timestamp, once known. */
  readonly serverId?: string
  readonly serverTimestamp?: number
  /** The timestamp in the last pull that contained it. */
  readonly pulledTimestamp?: number
}

export const MESSAGE_TABLES = {
  messages: {
    key: 'id',
    indexes: {
      shown: ['position'],
      unsynced: ['isSynced', 'position'],
      record: ['record'],
      opId: ['opId'],
      serverId: ['serverId'],
      pulled: ['pulledTimestamp'],
    },
  },
} as const satisfies Schema

/** The messages table, like a Room DAO: each call is one transaction. */
export class MessageDao {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  all(): MessageRow[] {
    return this.#database.read((tables) => messages(tables).by('shown'))
  }

  unsynced(): MessageRow[] {
    return this.#database.read((tables) => messages(tables).by('unsynced', { prefix: 0 }))
  }

  /** The newest local message of this record. */
  byRecord(record: string): MessageRow | undefined {
    return this.#database.read(
      (tables) => messages(tables).by('record', { prefix: record, reverse: true, limit: 1 })[0],
    )
  }

  byOp(opId: string): MessageRow | undefined {
    return this.#database.read(
      (tables) => messages(tables).by('opId', { prefix: opId, limit: 1 })[0],
    )
  }

  insert(row: Omit<MessageRow, 'position' | 'rev' | 'isSynced'>): MessageRow {
    return this.#database.transaction((tables) => {
      const table = messages(tables)
      const inserted: MessageRow = { ...row, isSynced: 0, rev: 1, position: nextPosition(table) }
      table.put(inserted)
      return inserted
    })
  }

  /** Room's `@Update`: replaces the whole row. Returns false if there is no row with this id. */
  update(row: MessageRow): boolean {
    return this.#database.transaction((tables) => {
      const table = messages(tables)
      if (!table.get(row.id)) return false
      table.put(row)
      return true
    })
  }

  delete(id: string): void {
    this.#database.transaction((tables) => messages(tables).delete(id))
  }

  /** The newest timestamp of all pulled messages; 0 before the first pull. */
  newestPulled(): number {
    return this.#database.read(
      (tables) =>
        messages(tables).by('pulled', { reverse: true, limit: 1 })[0]?.pulledTimestamp ?? 0,
    )
  }

  /**
   * Room's `@Insert(onConflict = REPLACE)` of pulled messages: overwrites the rows. Returns the
   * overwritten ones.
   */
  upsert(received: readonly ReceivedMessage[]): MessageRow[] {
    return this.#database.transaction((tables) => {
      const table = messages(tables)
      return received.flatMap(({ id, conversation, text, timestamp }) => {
        const present = table.get(id) ?? table.by('serverId', { prefix: id, limit: 1 })[0]
        table.put({
          ...(present ?? { id, rev: 1, position: nextPosition(table) }),
          conversation,
          text,
          isSynced: 1,
          serverId: id,
          serverTimestamp: timestamp,
          pulledTimestamp: timestamp,
        })
        return present ? [present] : []
      })
    })
  }
}

function messages(tables: Tables): Table<MessageRow> {
  return tables.table<MessageRow>('messages')
}

function nextPosition(table: Table<MessageRow>): number {
  return (table.by('shown', { reverse: true, limit: 1 })[0]?.position ?? 0) + 1
}
