import type { Database, Key, KeyPart, OpenDatabase, Range, Row, Schema, Table, TableSchema, Tables } from './database.ts'

/**
 * What outlives the incarnations of one node: its committed tables. Each {@link MemoryDisk.open} is one incarnation's handle on it; revoking a handle makes its later
 * writes void, as a killed process's are.
 */
export class MemoryDisk {
  readonly #tables = new Map<string, MemoryTable>()

  /** `alive` is asked before every commit: once it says no, nothing reaches the disk. */
  open(alive: () => boolean = () => true): OpenDatabase {
    const turn: Turn = { busy: false }
    return (schema) => {
      for (const [name, table] of Object.entries(schema)) {
        if (!this.#tables.has(name)) this.#tables.set(name, new MemoryTable(table))
      }
      return new MemoryDatabase(this.#tables, schema, alive, turn)
    }
  }
}

/** A database in memory, for tests and for one-off servers. */
export function memoryDatabase(schema: Schema): Database {
  return new MemoryDisk().open()(schema)
}

/** Whether a transaction runs: one at a time over all databases of an incarnation, as over one file. */
interface Turn {
  busy: boolean
}

class MemoryDatabase implements Database {
  readonly #all: ReadonlyMap<string, MemoryTable>
  readonly #schema: Schema
  readonly #alive: () => boolean
  readonly #turn: Turn

  constructor(all: ReadonlyMap<string, MemoryTable>, schema: Schema, alive: () => boolean, turn: Turn) {
    this.#all = all
    this.#schema = schema
    this.#alive = alive
    this.#turn = turn
  }

  transaction<Result>(work: (tables: Tables) => Result): Result {
    if (this.#turn.busy) throw new Error('transactions do not nest: finish the one that runs first')
    this.#turn.busy = true
    const undo: (() => void)[] = []
    const rollBack = () => {
      for (const step of undo.reverse()) step()
    }
    try {
      const result = work(this.#tables((step) => undo.push(step)))
      if (!this.#alive()) rollBack()
      return result
    } catch (error) {
      rollBack()
      throw error
    } finally {
      this.#turn.busy = false
    }
  }

  read<Result>(work: (tables: Tables) => Result): Result {
    return work(this.#tables(undefined))
  }

  #tables(undo: ((step: () => void) => void) | undefined): Tables {
    return {
      table: <R extends Row>(name: string): Table<R> => {
        const table = this.#schema[name] && this.#all.get(name)
        if (!table) throw new Error(`no table '${name}' in the schema; it has ${Object.keys(this.#schema).join(', ')}`)
        return table.handle<R>(undo)
      },
    }
  }
}

/** Rows by key, with the keys of the table and of each index in sorted arrays: searched by halving, as small tables are fast at. */
class MemoryTable {
  readonly #keyFields: readonly string[]
  readonly #indexes: ReadonlyMap<string, SortedKeys>
  readonly #indexFields: ReadonlyMap<string, readonly string[]>
  readonly #rows = new Map<string, { readonly key: readonly KeyPart[]; readonly row: Row }>()
  readonly #keys = new SortedKeys()

  constructor(schema: TableSchema) {
    this.#keyFields = typeof schema.key === 'string' ? [schema.key] : schema.key
    this.#indexFields = new Map(Object.entries(schema.indexes ?? {}))
    this.#indexes = new Map([...this.#indexFields.keys()].map((name) => [name, new SortedKeys()]))
  }

  handle<R extends Row>(undo: ((step: () => void) => void) | undefined): Table<R> {
    const writable = () => {
      if (!undo) throw new Error('read() does not write; use transaction()')
      return undo
    }
    const rowOf = (key: readonly KeyPart[]) => this.#rows.get(idOf(key))?.row as R
    return {
      get: (key) => this.#rows.get(idOf(parts(key)))?.row as R | undefined,
      put: (record) => {
        const log = writable()
        const key = this.#partsOf(record, this.#keyFields)
        if (!key) throw new Error(`a record needs its key: ${this.#keyFields.join(', ')}`)
        // Before anything is changed: a field that does not sort throws.
        for (const fields of this.#indexFields.values()) this.#partsOf(record, fields)
        const former = this.#rows.get(idOf(key))?.row
        this.#set(key, frozenCopy(record))
        log(() => (former ? this.#set(key, former) : this.#remove(key)))
      },
      delete: (key) => {
        const log = writable()
        const former = this.#rows.get(idOf(parts(key)))
        if (!former) return false
        this.#remove(former.key)
        log(() => this.#set(former.key, former.row))
        return true
      },
      all: (range = {}) => this.#keys.select(range).map(rowOf),
      by: (index, range = {}) => {
        const keys = this.#indexes.get(index)
        const width = this.#indexFields.get(index)?.length
        if (!keys || width === undefined)
          throw new Error(`no index '${index}'; there are ${[...this.#indexes.keys()].join(', ') || 'none'}`)
        return keys.select(range).map((entry) => rowOf(entry.slice(width)))
      },
      count: () => this.#rows.size,
    }
  }

  #set(key: readonly KeyPart[], row: Row): void {
    this.#remove(key)
    this.#rows.set(idOf(key), { key, row })
    this.#keys.add(key)
    this.#eachIndexEntry(key, row, (keys, entry) => keys.add(entry))
  }

  #remove(key: readonly KeyPart[]): void {
    const former = this.#rows.get(idOf(key))
    if (!former) return
    this.#rows.delete(idOf(key))
    this.#keys.delete(key)
    this.#eachIndexEntry(key, former.row, (keys, entry) => keys.delete(entry))
  }

  #eachIndexEntry(key: readonly KeyPart[], row: Row, visit: (keys: SortedKeys, entry: KeyPart[]) => void): void {
    for (const [name, keys] of this.#indexes) {
      const values = this.#partsOf(row, this.#indexFields.get(name) as readonly string[])
      if (values) visit(keys, [...values, ...key])
    }
  }

  #partsOf(row: Row, fields: readonly string[]): KeyPart[] | undefined {
    const values: KeyPart[] = []
    for (const field of fields) {
      const value = row[field]
      if (value === undefined || value === null) return undefined
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw new Error(`field '${field}' is in a key or an index and must be a number or a text; got ${JSON.stringify(value)}`)
      }
      values.push(value)
    }
    return values
  }
}

class SortedKeys {
  readonly #keys: (readonly KeyPart[])[] = []

  add(key: readonly KeyPart[]): void {
    this.#keys.splice(this.#firstAtLeast(key), 0, key)
  }

  delete(key: readonly KeyPart[]): void {
    const i = this.#firstAtLeast(key)
    const found = this.#keys[i]
    if (found && compare(found, key) === 0) this.#keys.splice(i, 1)
  }

  select({ prefix, after, limit, reverse = false }: Range): (readonly KeyPart[])[] {
    const head = prefix === undefined ? [] : parts(prefix)
    const start = after === undefined ? this.#firstAtLeast(head) : this.#firstBeyond([...head, ...parts(after)])
    const end = head.length === 0 ? this.#keys.length : this.#firstBeyond(head)
    if (reverse) {
      // 'after' then means before it, in the order asked for.
      const last = after === undefined ? end : this.#firstAtLeast([...head, ...parts(after)])
      const found = this.#keys.slice(this.#firstAtLeast(head), last).reverse()
      return limit === undefined ? found : found.slice(0, limit)
    }
    return this.#keys.slice(start, limit === undefined ? end : Math.min(end, start + limit))
  }

  #firstAtLeast(key: readonly KeyPart[]): number {
    return this.#search((candidate) => compare(candidate, key) >= 0)
  }

  /** The first key that neither sorts before `head` nor begins with it. */
  #firstBeyond(head: readonly KeyPart[]): number {
    return this.#search((candidate) => compare(candidate.slice(0, head.length), head) > 0)
  }

  #search(found: (key: readonly KeyPart[]) => boolean): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (found(this.#keys[middle] as readonly KeyPart[])) high = middle
      else low = middle + 1
    }
    return low
  }
}

function parts(key: Key): readonly KeyPart[] {
  return typeof key === 'object' ? key : [key]
}

function idOf(key: readonly KeyPart[]): string {
  return JSON.stringify(key)
}

function compare(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const order = comparePart(a[i] as KeyPart, b[i] as KeyPart)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function comparePart(a: KeyPart, b: KeyPart): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  if (typeof b === 'number') return 1
  if (a === b) return 0
  // By code point, as UTF-8 bytes compare in SQLite: UTF-16 units would put U+FF5E after an emoji's surrogates.
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    const [xHigh, yHigh] = [x >= 0xd800 && x <= 0xdfff, y >= 0xd800 && y <= 0xdfff]
    if (xHigh !== yHigh) return xHigh ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

/** Rows are shared by all who read them, so nobody may change one. */
function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = frozenCopy(member)
  return Object.freeze(copy) as Value
}
