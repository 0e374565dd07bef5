import type { OpenDatabase, Tables } from '../../core/ports/database.ts'
import { parseStructure, putTogether, structureText, takeApart } from './structure.ts'

/** A database of IndexedDB, as it is kept. */
export interface StoredDatabase {
  readonly name: string
  readonly version: number
  readonly stores: readonly StoredStore[]
}

export interface StoredStore {
  readonly name: string
  readonly keyPath: string | readonly string[] | null
  readonly autoIncrement: boolean
  readonly indexes: readonly StoredIndex[]
  /** The last number of the key generator. */
  readonly lastKey: number
  readonly records: readonly StoredRecord[]
}

export interface StoredIndex {
  readonly name: string
  readonly keyPath: string | readonly string[]
  readonly multiEntry: boolean
  readonly unique: boolean
}

export interface StoredRecord {
  readonly key: unknown
  readonly value: unknown
}

/** A change of a store, to be committed with others. */
export interface StoreChange {
  readonly store: string
  readonly lastKey: number
  readonly written: readonly StoredRecord[]
  readonly deletedKeys: readonly unknown[]
}

const SCHEMA = {
  guestValues: { key: ['area', 'name'] },
  guestDatabases: { key: 'database' },
  guestStores: { key: ['database', 'store'] },
  guestRecords: { key: ['database', 'store', 'key'] },
} as const

type ValueRow = { area: string; name: string; value: string }
type DatabaseRow = { database: string; version: number }
type StoreRow = { database: string; store: string; lastKey: number; about: string }
type RecordRow = { database: string; store: string; key: string; value: string }
type About = Pick<StoredStore, 'keyPath' | 'autoIncrement' | 'indexes'>

/**
 * The part of a device's database that belongs to a guest: texts by name (localStorage), and the
 * databases of IndexedDB. Names and keys are kept as JSON, because any text is allowed in them.
 */
export function guestDisk(open: OpenDatabase, DateClass: DateConstructor) {
  const database = open(SCHEMA)
  const nameOf = (text: string): string => JSON.parse(text) as string
  const textOf = (value: unknown) => structureText(takeApart(value))
  const parsed = (text: string) => putTogether(parseStructure(text), DateClass)

  const putRecord = (tables: Tables, at: { database: string; store: string }, row: StoredRecord) =>
    tables
      .table<RecordRow>('guestRecords')
      .put({ ...at, key: textOf(row.key), value: textOf(row.value) })
  const removeAll = (tables: Tables, name: string) => {
    for (const row of tables.table<RecordRow>('guestRecords').all({ prefix: name }))
      tables.table('guestRecords').delete([row.database, row.store, row.key])
    for (const row of tables.table<StoreRow>('guestStores').all({ prefix: name }))
      tables.table('guestStores').delete([row.database, row.store])
    tables.table('guestDatabases').delete(name)
  }
  return {
    /** Returns the texts of an area. */
    texts: (area: string): [name: string, value: string][] =>
      database.read((tables) =>
        tables
          .table<ValueRow>('guestValues')
          .all({ prefix: area })
          .map(({ name, value }) => [nameOf(name), nameOf(value)]),
      ),
    putText: (area: string, name: string, value: string): void =>
      database.transaction((tables) =>
        tables
          .table<ValueRow>('guestValues')
          .put({ area, name: JSON.stringify(name), value: JSON.stringify(value) }),
      ),
    deleteText: (area: string, name: string): void =>
      database.transaction((tables) => {
        tables.table('guestValues').delete([area, JSON.stringify(name)])
      }),
    /** Returns the databases of IndexedDB. */
    databases: (): StoredDatabase[] =>
      database.read((tables) =>
        tables
          .table<DatabaseRow>('guestDatabases')
          .all()
          .map((row) => ({
            name: nameOf(row.database),
            version: row.version,
            stores: tables
              .table<StoreRow>('guestStores')
              .all({ prefix: row.database })
              .map(({ store, lastKey, about }) => ({
                name: nameOf(store),
                lastKey,
                ...(JSON.parse(about) as About),
                records: tables
                  .table<RecordRow>('guestRecords')
                  .all({ prefix: [row.database, store] })
                  .map(({ key, value }) => ({ key: parsed(key), value: parsed(value) })),
              })),
          })),
      ),
    /** Replaces a whole database: its stores have changed. */
    putDatabase: ({ name, version, stores }: StoredDatabase): void =>
      database.transaction((tables) => {
        const text = JSON.stringify(name)
        removeAll(tables, text)
        tables.table<DatabaseRow>('guestDatabases').put({ database: text, version })
        for (const { name: storeName, lastKey, records, ...about } of stores) {
          const at = { database: text, store: JSON.stringify(storeName) }
          tables
            .table<StoreRow>('guestStores')
            .put({ ...at, lastKey, about: JSON.stringify(about) })
          for (const record of records) putRecord(tables, at, record)
        }
      }),
    deleteDatabase: (name: string): void =>
      database.transaction((tables) => removeAll(tables, JSON.stringify(name))),
    /** Commits what one transaction has changed in the stores of a database. */
    commit: (name: string, changes: readonly StoreChange[]): void =>
      database.transaction((tables) => {
        for (const { store, lastKey, written, deletedKeys } of changes) {
          const at = { database: JSON.stringify(name), store: JSON.stringify(store) }
          const stores = tables.table<StoreRow>('guestStores')
          const row = stores.get([at.database, at.store])
          if (row && row.lastKey !== lastKey) stores.put({ ...row, lastKey })
          for (const key of deletedKeys)
            tables.table('guestRecords').delete([at.database, at.store, textOf(key)])
          for (const record of written) putRecord(tables, at, record)
        }
      }),
  }
}

export type GuestDisk = ReturnType<typeof guestDisk>
