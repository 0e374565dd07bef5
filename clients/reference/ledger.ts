import type { Settled } from '../../harness/core/client.ts'
import type { ClientEvent } from '../../harness/core/event.ts'
import type { Database, Table, Tables } from '../../harness/core/ports/database.ts'
import type { ClientRecorder } from '../../harness/core/ports/recorder.ts'
import type { ClockRow, ConflictRow, CursorRow, OutboxRow, RecordRow } from './schema.ts'

/** The tables, typed, as one transaction or read sees them. */
export interface Books {
  readonly records: Table<RecordRow>
  readonly outbox: Table<OutboxRow>
  readonly conflicts: Table<ConflictRow>
  readonly cursors: Table<CursorRow>
  readonly clocks: Table<ClockRow>
}

/** One transaction, and what is to be told once it is on disk: never before, or a kill in between would make it a lie. */
export interface Unit extends Books {
  record(event: ClientEvent): void
  settle(op: string, settled: Settled): void
}

/** The device's database, and those who want to hear of what became durable. */
export class Ledger {
  readonly #database: Database
  readonly #recorder: ClientRecorder
  readonly #waiting = new Map<string, (settled: Settled) => void>()

  constructor(database: Database, recorder: ClientRecorder) {
    this.#database = database
    this.#recorder = recorder
  }

  read<Result>(work: (books: Books) => Result): Result {
    return this.#database.read((tables) => work(booksOf(tables)))
  }

  /** Commits what `work` did, all or nothing, then tells of it. */
  commit<Result>(work: (unit: Unit) => Result): Result {
    const events: ClientEvent[] = []
    const ends: { readonly op: string; readonly settled: Settled }[] = []
    const result = this.#database.transaction((tables) =>
      work({
        ...booksOf(tables),
        record: (event) => events.push(event),
        settle: (op, settled) => ends.push({ op, settled }),
      }),
    )
    for (const event of events) this.#recorder.emit(event)
    for (const { op, settled } of ends) {
      this.#waiting.get(op)?.(settled)
      this.#waiting.delete(op)
    }
    if (events.length > 0) this.#recorder.screen()
    return result
  }

  /** Resolves when this operation ends, if this incarnation lives to see it. */
  settlement(op: string): Promise<Settled> {
    return new Promise((resolve) => {
      this.#waiting.set(op, resolve)
    })
  }

  /** What the person sees may have changed without a transaction. */
  screen(): void {
    this.#recorder.screen()
  }
}

function booksOf(tables: Tables): Books {
  return {
    records: tables.table<RecordRow>('records'),
    outbox: tables.table<OutboxRow>('outbox'),
    conflicts: tables.table<ConflictRow>('conflicts'),
    cursors: tables.table<CursorRow>('meta'),
    clocks: tables.table<ClockRow>('meta'),
  }
}
