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
 * Opens this node's database with the data of earlier incarnations, and adds the tables and indexes
 * that are missing.
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
  /** Returns a table of the schema. Throws an Error with the known names on an unknown one. */
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
  /** Returns records in the order of the primary key. */
  all(range?: Range): R[]
  /**
   * Returns records in the order of the index, then of the primary key. Throws an Error if there is
   * no such index.
   */
  by(index: string, range?: Range): R[]
  count(): number
}

/** Selects a part of the records in their order. Without any field: all records. */
export interface Range {
  /** Selects records whose leading fields equal this. */
  readonly prefix?: Key
  /**
   * Selects records strictly after this key; give it without the fields of `prefix`. A partial key
   * also excludes all records whose keys begin with it.
   */
  readonly after?: Key
  /** The most records to return. Default: no limit. */
  readonly limit?: number
  /** Reverses the order; `after` then selects records strictly before. Default: false. */
  readonly reverse?: boolean
}
