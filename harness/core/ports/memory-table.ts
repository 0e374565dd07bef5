import type { Key, KeyPart, Range, Row, Table, TableSchema } from './database.ts'
import { parts, SortedKeys } from './sorted-keys.ts'

/** The steps that undo the transaction under way, in order of its writes; absent while reading. */
export type Undo = (() => void)[] | undefined

interface Index {
  readonly fields: readonly string[]
  readonly keys: SortedKeys
}

/** The rows of one table by key, and the keys of the table and of each index in order. */
export class MemoryTable {
  readonly keyFields: readonly string[]
  readonly indexes = new Map<string, Index>()
  readonly keys = new SortedKeys()
  readonly rows = new Map<string, { readonly key: readonly KeyPart[]; readonly row: Row }>()

  constructor(schema: TableSchema) {
    this.keyFields = typeof schema.key === 'string' ? [schema.key] : schema.key
    this.addMissingIndexes(schema)
  }

  /** Adds indexes that an earlier version of the client did not declare. */
  addMissingIndexes(schema: TableSchema): void {
    for (const [name, fields] of Object.entries(schema.indexes ?? {})) {
      if (this.indexes.has(name)) continue
      const keys = new SortedKeys()
      this.indexes.set(name, { fields, keys })
      for (const { key, row } of this.rows.values()) {
        const values = partsOf(row, fields)
        if (values) keys.add([...values, ...key])
      }
    }
  }

  set(key: readonly KeyPart[], row: Row): void {
    this.remove(key)
    this.rows.set(idOf(key), { key, row })
    this.keys.add(key)
    for (const { fields, keys } of this.indexes.values()) {
      const values = partsOf(row, fields)
      if (values) keys.add([...values, ...key])
    }
  }

  remove(key: readonly KeyPart[]): void {
    const previous = this.rows.get(idOf(key))
    if (!previous) return
    this.rows.delete(idOf(key))
    this.keys.delete(key)
    for (const { fields, keys } of this.indexes.values()) {
      const values = partsOf(previous.row, fields)
      if (values) keys.delete([...values, ...key])
    }
  }
}

/** A table of one database, for all transactions: `undo` returns the steps of the current one. */
export class MemoryTableHandle<R extends Row> implements Table<R> {
  readonly #table: MemoryTable
  readonly #undo: () => Undo

  constructor(table: MemoryTable, undo: () => Undo) {
    this.#table = table
    this.#undo = undo
  }

  get(key: Key): R | undefined {
    return this.#table.rows.get(idOf(parts(key)))?.row as R | undefined
  }

  put(record: R): void {
    const table = this.#table
    const undo = this.#writable()
    const key = partsOf(record, table.keyFields)
    if (!key) throw new Error(`a record needs its key: ${table.keyFields.join(', ')}`)
    // A field that does not sort throws here, before anything has changed.
    for (const { fields } of table.indexes.values()) partsOf(record, fields)
    const previous = table.rows.get(idOf(key))?.row
    table.set(key, frozenCopy(record))
    undo.push(() => (previous ? table.set(key, previous) : table.remove(key)))
  }

  delete(key: Key): boolean {
    const table = this.#table
    const undo = this.#writable()
    const previous = table.rows.get(idOf(parts(key)))
    if (!previous) return false
    table.remove(previous.key)
    undo.push(() => table.set(previous.key, previous.row))
    return true
  }

  all(range: Range = {}): R[] {
    return this.#table.keys.select(range).map((key) => this.#rowOf(key))
  }

  by(name: string, range: Range = {}): R[] {
    const index = this.#table.indexes.get(name)
    if (!index)
      throw new Error(
        `no index '${name}'; there are ${[...this.#table.indexes.keys()].join(', ') || 'none'}`,
      )
    return index.keys.select(range).map((entry) => this.#rowOf(entry.slice(index.fields.length)))
  }

  count(): number {
    return this.#table.rows.size
  }

  #rowOf(key: readonly KeyPart[]): R {
    return this.#table.rows.get(idOf(key))?.row as R
  }

  #writable(): NonNullable<Undo> {
    const undo = this.#undo()
    if (!undo) throw new Error('read() does not write; use transaction()')
    return undo
  }
}

function partsOf(row: Row, fields: readonly string[]): KeyPart[] | undefined {
  const values: KeyPart[] = []
  for (const field of fields) {
    const value = row[field]
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new Error(
        `field '${field}' is in a key or an index and must be a number or a text; ` +
          `got ${JSON.stringify(value)}`,
      )
    }
    values.push(value)
  }
  return values
}

function idOf(key: readonly KeyPart[]): string {
  const first = key[0]
  const second = key[1]
  if (typeof first !== 'string' || key.length > 2) return JSON.stringify(key)
  // Most keys are one or two texts. They need no escaping, which is slow: the JSON of any other key
  // begins with a bracket, and a length tells where the first of two texts ends.
  if (key.length === 1) return `=${first}`
  return typeof second === 'string' ? `${first.length}=${first}${second}` : JSON.stringify(key)
}

/** Returns a frozen copy: readers share rows, so none of them may change one. */
function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value
  const copy: Record<string, unknown> = {}
  for (const name in value) {
    const member = value[name]
    if (member !== undefined) copy[name] = frozenCopy(member)
  }
  return Object.freeze(copy) as Value
}
