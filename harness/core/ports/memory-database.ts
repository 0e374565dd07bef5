import type { Database, OpenDatabase, Row, Schema, Table, Tables } from './database.ts'
import { MemoryTable, MemoryTableHandle, type Undo } from './memory-table.ts'

/**
 * The committed tables of one node, which survive its incarnations. Each incarnation opens the disk
 * once. After its death it can no longer commit, as a killed process cannot.
 */
export class MemoryDisk {
  readonly #tables = new Map<string, MemoryTable>()

  /** Opens the disk for an incarnation. It commits only as long as `isAlive` returns true. */
  open(isAlive: () => boolean = () => true): OpenDatabase {
    const lock: TransactionLock = { isHeld: false }
    return (schema) => {
      for (const [name, table] of Object.entries(schema)) {
        const known = this.#tables.get(name)
        if (known) known.addMissingIndexes(table)
        else this.#tables.set(name, new MemoryTable(table))
      }
      return new MemoryDatabase(this.#tables, schema, isAlive, lock)
    }
  }
}

/** A database in memory, for tests and for servers that keep nothing. */
export function memoryDatabase(schema: Schema): Database {
  return new MemoryDisk().open()(schema)
}

/** The lock of all databases of an incarnation, which share one file: one transaction at a time. */
interface TransactionLock {
  isHeld: boolean
}

class MemoryDatabase implements Database {
  readonly #tablesByName: ReadonlyMap<string, MemoryTable>
  readonly #schema: Schema
  readonly #isAlive: () => boolean
  readonly #lock: TransactionLock
  readonly #reading = this.#tables(() => undefined)
  readonly #writing = this.#tables(() => this.#undo)
  #undo: Undo

  constructor(
    tablesByName: ReadonlyMap<string, MemoryTable>,
    schema: Schema,
    isAlive: () => boolean,
    lock: TransactionLock,
  ) {
    this.#tablesByName = tablesByName
    this.#schema = schema
    this.#isAlive = isAlive
    this.#lock = lock
  }

  transaction<Result>(work: (tables: Tables) => Result): Result {
    if (this.#lock.isHeld)
      throw new Error('transactions do not nest: finish the one that runs first')
    this.#lock.isHeld = true
    const undo: NonNullable<Undo> = []
    this.#undo = undo
    const rollBack = () => {
      for (const step of undo.reverse()) step()
    }
    try {
      const result = work(this.#writing)
      if (!this.#isAlive()) rollBack()
      return result
    } catch (error) {
      rollBack()
      throw error
    } finally {
      this.#undo = undefined
      this.#lock.isHeld = false
    }
  }

  read<Result>(work: (tables: Tables) => Result): Result {
    return work(this.#reading)
  }

  /** Returns the tables with one handle each, kept: code under test asks for tables all the time. */
  #tables(undo: () => Undo): Tables {
    const handles = new Map<string, unknown>()
    return {
      table: <R extends Row>(name: string): Table<R> => {
        const known = handles.get(name) as Table<R> | undefined
        if (known) return known
        const table = this.#schema[name] && this.#tablesByName.get(name)
        if (!table)
          throw new Error(
            `no table '${name}' in the schema; it has ${Object.keys(this.#schema).join(', ')}`,
          )
        const handle = new MemoryTableHandle<R>(table, undo)
        handles.set(name, handle)
        return handle
      },
    }
  }
}
