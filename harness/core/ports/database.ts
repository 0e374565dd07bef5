import type { Json } from '../json.ts'

/**
 * Named tables of plain records with secondary indexes. Synchronous: one transaction at a time.
 *
 * @example
 * function countUnsent(open: OpenDatabase): number {
 *   const database = open({ outbox: { key: 'id', indexes: { byState: ['state'] } } })
 *   database.transaction((tables) => {
 *     tables.table('outbox').put({ id: 1, state: 'pending', text: 'Hello' })
 *   })
 *   return database.read(
 *     (tables) => tables.table('outbox').by('byState', { prefix: 'pending' }).length,
 *   )
 * }
 */
export interface Database {
  /**
   * Runs `work` and commits what it wrote, all or nothing. The commit is durable once this returns:
   * a kill at any moment leaves the last committed state. Throws what `work` throws, after undoing
   * all its writes, and an Error inside another transaction: transactions do not nest.
   */
  transaction<Result>(work: (tables: Tables) => Result): Result
  /**
   * Runs `work` on the last committed state. Throws what `work` throws; writing throws an Error.
   */
  read<Result>(work: (tables: Tables) => Result): Result
}

/**
 * Opens this node's database and adds the tables and indexes that are missing. The data of earlier
 * incarnations is there.
 */
export type OpenDatabase = (schema: Schema) => Database

/** Tables by name. */
export interface Schema {
  readonly [table: string]: TableSchema
}

export interface TableSchema {
  /** The field, or the fields, of the primary key. */
  readonly key: string | readonly string[]
  /**
   * Secondary indexes by name: their fields, in order. A record in which one of these fields is
   * missing or null is not in that index. Default: no indexes.
   */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
}

/**
 * A plain JSON object. Records that are read are copies or frozen: to change one, put another. The
 * fields of keys and indexes hold a {@link KeyPart}.
 */
export type Row = { readonly [field: string]: Json | undefined }

/**
 * Numbers sort before texts; numbers by value, texts by Unicode code point. Texts in keys must be
 * well-formed. Booleans do not sort: use 0 and 1.
 */
export type KeyPart = string | number
export type Key = KeyPart | readonly KeyPart[]

/** The tables as one transaction sees them, its own writes included. */
export interface Tables {
  /** Throws an Error that lists the tables if the schema has none of this name. */
  table<R extends Row>(name: string): Table<R>
}

export interface Table<R extends Row> {
  get(key: Key): R | undefined
  /**
   * Inserts the record, or replaces the whole record of the same key. Throws an Error if a field of
   * the key is missing, or a field of a key or an index is neither a number nor a text.
   */
  put(record: R): void
  /** Deletes a record. Returns true if there was one. */
  delete(key: Key): boolean
  /** Records in the order of the primary key. */
  all(range?: Range): R[]
  /**
   * Records in the order of the index, then of the primary key. Throws if there is no such index.
   */
  by(index: string, range?: Range): R[]
  count(): number
}

/** A part of an order. Without any field: all of it. */
export interface Range {
  /** The leading fields equal this. */
  readonly prefix?: Key
  /**
   * Strictly after this, within the fields that the prefix leaves. A leading part of a key skips
   * everything that begins with it.
   */
  readonly after?: Key
  /** At most this many records. Default: no limit. */
  readonly limit?: number
  /** From the end to the beginning; `after` then means strictly before. Default: false. */
  readonly reverse?: boolean
}
