import type { Json } from '../json.ts'

/**
 * Named tables of plain records with secondary indexes, and one synchronous transaction at a time: atomic, and durable once
 * `transaction` has returned. A kill at any moment leaves the last committed state.
 */
export interface Database {
  /** Runs `work` and commits what it did, all or nothing: nothing when it throws. Transactions do not nest. */
  transaction<Result>(work: (tables: Tables) => Result): Result
  /** Runs `work` over the last committed state. Writing in it throws. */
  read<Result>(work: (tables: Tables) => Result): Result
}

/** Opens this node's database, making what tables and indexes are missing. Data of earlier incarnations is there. */
export type OpenDatabase = (schema: Schema) => Database

export interface Schema {
  readonly [table: string]: TableSchema
}

export interface TableSchema {
  /** The field or fields that make a record's primary key. */
  readonly key: string | readonly string[]
  /** Secondary indexes by name: their fields, in order. A record that lacks one of the fields (or holds null in it) is not in that index. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
}

/** A plain JSON object. What comes out is a copy or frozen: change it by putting another. Key and index fields hold a {@link KeyPart}. */
export type Row = { readonly [field: string]: Json | undefined }

/** Numbers sort before texts, numbers by value, texts by Unicode code point. Texts in keys must be well-formed. Booleans do not sort: use 0 and 1. */
export type KeyPart = string | number
export type Key = KeyPart | readonly KeyPart[]

export interface Tables {
  /** Throws on a table that the schema lacks. */
  table<R extends Row>(name: string): Table<R>
}

export interface Table<R extends Row> {
  get(key: Key): R | undefined
  /** Inserts the record, or replaces the whole record of the same key. */
  put(record: R): void
  /** True when there was such a record. */
  delete(key: Key): boolean
  /** Records in primary-key order. */
  all(range?: Range): R[]
  /** Records in the index's order, then by primary key. */
  by(index: string, range?: Range): R[]
  count(): number
}

export interface Range {
  /** The leading fields equal this. */
  readonly prefix?: Key
  /** Strictly after this (a key, or a leading part of one: then all that begins with it is passed over), within the prefix's remaining fields. */
  readonly after?: Key
  readonly limit?: number
  /** From the end to the beginning; `after` then means strictly before it. */
  readonly reverse?: boolean
}
