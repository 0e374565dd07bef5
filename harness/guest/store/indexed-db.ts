/**
 * IndexedDB: fake-indexeddb, whose committed transactions are written to the guest's disk. This
 * file is bundled by itself and evaluated once for each incarnation, with the incarnation's timers:
 * the library keeps what is open in its modules.
 *
 * @module
 */
import * as exported from 'fake-indexeddb'
import Database from 'fake-indexeddb-parts/lib/Database.js'
import FakeEventTarget from 'fake-indexeddb-parts/lib/FakeEventTarget.js'
import Index from 'fake-indexeddb-parts/lib/Index.js'
import ObjectStore from 'fake-indexeddb-parts/lib/ObjectStore.js'
import RecordStore from 'fake-indexeddb-parts/lib/RecordStore.js'
import type { GuestDisk, StoreChange, StoredDatabase, StoredRecord } from './disk.ts'

/** The parts of fake-indexeddb that are used here, of which it publishes no types. */
interface Records {
  put(record: StoredRecord, noOverwrite?: boolean): StoredRecord | undefined
  get(key: unknown): StoredRecord | undefined
  delete(key: unknown): StoredRecord[]
  clear(): StoredRecord[]
  values(): Iterable<StoredRecord>
}

interface RawStore {
  name: string
  keyPath: string | string[] | null
  autoIncrement: boolean
  keyGenerator: { num: number } | null
  records: Records
  rawIndexes: Map<string, RawIndex>
}

interface RawIndex {
  name: string
  keyPath: string | string[]
  multiEntry: boolean
  unique: boolean
  initialized: boolean
  storeRecord(record: StoredRecord): void
}

interface RawDatabase {
  name: string
  version: number
  rawObjectStores: Map<string, RawStore>
}

interface Transaction {
  mode: 'readonly' | 'readwrite' | 'versionchange'
  db: { _rawDatabase: RawDatabase }
  _scope: Set<string>
  _abort(name: string | null): void
  _markFinished(): void
}

/** Returns the globals of IndexedDB. `report` receives what a listener throws. */
export function indexedDbGlobals(
  disk: GuestDisk,
  report: (error: unknown) => void,
): Record<string, unknown> {
  const changedKeys = watchRecords()
  reportListeners(report)
  commitTransactions(disk, changedKeys)
  const { forceCloseDatabase: _close, default: _factory, indexedDB: _one, ...classes } = exported
  const factory = new exported.IDBFactory()
  const databases = new KeptDatabases(disk)
  for (const stored of disk.databases()) databases.restore(stored)
  Object.assign(factory, { _databases: databases })
  return { ...classes, indexedDB: factory }
}

/** The databases of a factory. One that is deleted is deleted on the disk at once. */
class KeptDatabases extends Map<string, RawDatabase> {
  readonly #disk: GuestDisk

  constructor(disk: GuestDisk) {
    super()
    this.#disk = disk
  }

  override delete(name: string): boolean {
    this.#disk.deleteDatabase(name)
    return super.delete(name)
  }

  restore({ name, version, stores }: StoredDatabase): void {
    const database: RawDatabase = new Database(name, version)
    for (const { name: storeName, keyPath, autoIncrement, lastKey, indexes, records } of stores) {
      const store: RawStore = new ObjectStore(database, storeName, keyPath, autoIncrement)
      if (store.keyGenerator) store.keyGenerator.num = lastKey
      for (const record of records) store.records.put(record)
      for (const index of indexes) {
        const restored: RawIndex = new Index(
          store,
          index.name,
          index.keyPath,
          index.multiEntry,
          index.unique,
        )
        for (const record of records) restored.storeRecord(record)
        restored.initialized = true
        store.rawIndexes.set(index.name, restored)
      }
      database.rawObjectStores.set(storeName, store)
    }
    this.set(name, database)
  }
}

/** Returns the keys that were written or deleted in each set of records since they were removed. */
function watchRecords(): WeakMap<Records, unknown[]> {
  const changedKeys = new WeakMap<Records, unknown[]>()
  const note = (records: Records, keys: readonly unknown[]) => {
    const known = changedKeys.get(records) ?? []
    changedKeys.set(records, known)
    known.push(...keys)
  }
  const { put, delete: remove, clear } = RecordStore.prototype as Records
  Object.assign(RecordStore.prototype, {
    put(this: Records, record: StoredRecord, noOverwrite?: boolean) {
      const replaced = put.call(this, record, noOverwrite)
      note(this, [record.key])
      return replaced
    },
    delete(this: Records, key: unknown) {
      const deleted = remove.call(this, key)
      note(this, deleted.map(keyOf))
      return deleted
    },
    clear(this: Records) {
      const deleted = clear.call(this)
      note(this, deleted.map(keyOf))
      return deleted
    },
  })
  return changedKeys
}

const keyOf = ({ key }: StoredRecord) => key

/** Writes each transaction to the disk when it commits, before its `complete` event. */
function commitTransactions(disk: GuestDisk, changedKeys: WeakMap<Records, unknown[]>): void {
  const aborted = new WeakSet<Transaction>()
  const prototype = exported.IDBTransaction.prototype as unknown as Transaction
  const { _abort: abort, _markFinished: markFinished } = prototype
  prototype._abort = function (this: Transaction, name) {
    aborted.add(this)
    abort.call(this, name)
  }
  prototype._markFinished = function (this: Transaction) {
    const { _rawDatabase: database } = this.db
    const stores = [...this._scope].flatMap((name) => database.rawObjectStores.get(name) ?? [])
    if (!aborted.has(this) && this.mode === 'versionchange') disk.putDatabase(stored(database))
    else if (!aborted.has(this) && this.mode === 'readwrite') {
      const changes = stores.flatMap((store) => changeOf(store, changedKeys.get(store.records)))
      if (changes.length > 0) disk.commit(database.name, changes)
    }
    if (this.mode !== 'readonly') for (const { records } of stores) changedKeys.delete(records)
    markFinished.call(this)
  }
}

function changeOf(store: RawStore, changedKeys: readonly unknown[] = []): StoreChange[] {
  if (changedKeys.length === 0) return []
  const written: StoredRecord[] = []
  const deletedKeys: unknown[] = []
  const known = new Set<string>()
  for (const key of changedKeys) {
    // A key that changed twice is written once. Binary and compound keys are rare.
    const name = typeof key === 'string' || typeof key === 'number' ? `${typeof key}${key}` : ''
    if (name !== '' && known.has(name)) continue
    known.add(name)
    const record = store.records.get(key)
    if (record) written.push(record)
    else deletedKeys.push(key)
  }
  return [{ store: store.name, lastKey: store.keyGenerator?.num ?? 0, written, deletedKeys }]
}

function stored({ name, version, rawObjectStores }: RawDatabase): StoredDatabase {
  return {
    name,
    version,
    stores: [...rawObjectStores.values()].map((store) => ({
      name: store.name,
      keyPath: store.keyPath,
      autoIncrement: store.autoIncrement,
      lastKey: store.keyGenerator?.num ?? 0,
      indexes: [...store.rawIndexes.values()].map((index) => ({
        name: index.name,
        keyPath: index.keyPath,
        multiEntry: index.multiEntry,
        unique: index.unique,
      })),
      records: [...store.records.values()],
    })),
  }
}

type Listener = ((event: unknown) => void) | { handleEvent(event: unknown): void }
interface Target {
  listeners: { type: string; callback: Listener; capture: boolean }[]
  addEventListener(type: string, callback: Listener, options?: unknown): void
  removeEventListener(type: string, callback: Listener, options?: unknown): void
  dispatchEvent(event: { type: string }): boolean
}

/**
 * Makes listeners as they are in browsers: what they throw is reported, `once` is obeyed, and
 * removing an unknown one removes nothing.
 */
function reportListeners(report: (error: unknown) => void): void {
  const prototype = FakeEventTarget.prototype as Target
  const { addEventListener: add, dispatchEvent: dispatch } = prototype
  const isCapturing = (options: unknown) =>
    typeof options === 'object' && options !== null
      ? Boolean((options as { capture?: boolean }).capture)
      : Boolean(options)
  const find = (target: Target, type: string, callback: Listener, options: unknown) =>
    target.listeners.findIndex(
      (each) =>
        each.type === type && each.callback === callback && each.capture === isCapturing(options),
    )
  prototype.addEventListener = function (this: Target, type, callback, options) {
    if (!callback || find(this, type, callback, options) >= 0) return
    add.call(this, type, callback, options)
    if (typeof options !== 'object' || !(options as { once?: boolean } | null)?.once) return
    const entry = this.listeners.at(-1)
    if (!entry) return
    entry.callback = (event) => {
      this.listeners = this.listeners.filter((each) => each !== entry)
      if (typeof callback === 'function') callback.call(this, event)
      else callback.handleEvent(event)
    }
  }
  prototype.removeEventListener = function (this: Target, type, callback, options) {
    const place = find(this, type, callback, options)
    if (place >= 0) this.listeners.splice(place, 1)
  }
  prototype.dispatchEvent = function (this: Target, event) {
    try {
      return dispatch.call(this, event)
    } catch (error) {
      for (const each of error instanceof AggregateError ? error.errors : [error]) report(each)
      // The transaction of a request aborts, if a listener has thrown.
      if (event.type === 'success' || event.type === 'error') throw error
      return true
    }
  }
}
