import type { Database, Schema, Table, Tables } from '../../../harness/core/ports/database.ts'
import type { ReceivedMessage } from '../api.ts'

/** One bubble. The one boolean says all there is to say about its sync. */
export type MessageRow = {
  /** A UUID made here, or the server's id for a message of somebody else. */
  readonly id: string
  readonly conversation: string
  readonly text: string
  readonly isSynced: 0 | 1
  /** The order of insertion. */
  readonly position: number
  /** From 1, raised by each edit made here. */
  readonly rev: number
  /** What the person's action called it, for rows made here. */
  readonly record?: string
  readonly op?: string
  /** The server's id and time, once they are known. */
  readonly serverId?: string
  readonly serverTimestamp?: number
  /** Its time in the last pull that brought it. */
  readonly pulledTimestamp?: number
}

export const MESSAGE_TABLES = {
  messages: {
    key: 'id',
    indexes: {
      shown: ['position'],
      unsynced: ['isSynced', 'position'],
      record: ['record'],
      op: ['op'],
      serverId: ['serverId'],
      pulled: ['pulledTimestamp'],
    },
  },
} as const satisfies Schema

/** The messages table, as a Room DAO has it: each call is one transaction. */
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

  /** The newest of this name that was made here. */
  byRecord(record: string): MessageRow | undefined {
    return this.#database.read(
      (tables) => messages(tables).by('record', { prefix: record, reverse: true, limit: 1 })[0],
    )
  }

  byOp(op: string): MessageRow | undefined {
    return this.#database.read((tables) => messages(tables).by('op', { prefix: op, limit: 1 })[0])
  }

  insert(row: Omit<MessageRow, 'position' | 'rev' | 'isSynced'>): MessageRow {
    return this.#database.transaction((tables) => {
      const table = messages(tables)
      const inserted: MessageRow = { ...row, isSynced: 0, rev: 1, position: nextPosition(table) }
      table.put(inserted)
      return inserted
    })
  }

  /** Room's `@Update`: the whole row, where one of that id is still there. False when none is. */
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

  /** max(timestamp) of what pulls have brought; 0 before the first. */
  newestPulled(): number {
    return this.#database.read(
      (tables) =>
        messages(tables).by('pulled', { reverse: true, limit: 1 })[0]?.pulledTimestamp ?? 0,
    )
  }

  /** Room's `@Insert(onConflict = REPLACE)` of what the server sent: whatever the row held before is gone. Returns what was replaced. */
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
