import type { Database, OpenDatabase, Row, Schema, Table, Tables } from './database.ts'
import { MemoryTable, MemoryTableHandle } from './memory-table.ts'

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
        const known = this.#tables.get(name)
        if (known) known.addMissingIndexes(table)
        else this.#tables.set(name, new MemoryTable(table))
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

  constructor(
    all: ReadonlyMap<string, MemoryTable>,
    schema: Schema,
    alive: () => boolean,
    turn: Turn,
  ) {
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
      const result = work(this.#tables(undo))
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

  #tables(undo: (() => void)[] | undefined): Tables {
    return {
      table: <R extends Row>(name: string): Table<R> => {
        const table = this.#schema[name] && this.#all.get(name)
        if (!table)
          throw new Error(
            `no table '${name}' in the schema; it has ${Object.keys(this.#schema).join(', ')}`,
          )
        return new MemoryTableHandle<R>(table, undo)
      },
    }
  }
}
