import type { Settled } from '../../harness/core/client.ts'
import type { ClientEvent } from '../../harness/core/event.ts'
import type { Database, Table, Tables } from '../../harness/core/ports/database.ts'
import type { ClientRecorder } from '../../harness/core/ports/recorder.ts'
import type {
  ClockRow,
  ConflictRow,
  CursorRow,
  OutboxRow,
  QuarantineRow,
  RecordRow,
} from './schema.ts'

/** The typed tables, within one transaction or read. */
export interface ClientTables {
  readonly records: Table<RecordRow>
  readonly outbox: Table<OutboxRow>
  readonly conflicts: Table<ConflictRow>
  readonly quarantine: Table<QuarantineRow>
  readonly cursors: Table<CursorRow>
  readonly clocks: Table<ClockRow>
}

/**
 * A transaction. Its events and outcomes are published after the commit, never before: a kill in
 * between would make them false.
 */
export interface Transaction extends ClientTables {
  emit(event: ClientEvent): void
  settle(opId: string, settled: Settled): void
}

/** The device's database. Publishes committed events, and outcomes to the waiting actions. */
export class ClientDatabase {
  readonly #database: Database
  readonly #recorder: ClientRecorder
  readonly #waiting = new Map<string, (settled: Settled) => void>()

  constructor(database: Database, recorder: ClientRecorder) {
    this.#database = database
    this.#recorder = recorder
  }

  read<Result>(work: (tables: ClientTables) => Result): Result {
    return this.#database.read((tables) => work(typed(tables)))
  }

  /** Commits the changes of `work`, all or nothing, then publishes its events and outcomes. */
  transaction<Result>(work: (transaction: Transaction) => Result): Result {
    const events: ClientEvent[] = []
    const outcomes: { readonly opId: string; readonly settled: Settled }[] = []
    const result = this.#database.transaction((tables) =>
      work({
        ...typed(tables),
        emit: (event) => events.push(event),
        settle: (opId, settled) => outcomes.push({ opId, settled }),
      }),
    )
    for (const event of events) this.#recorder.emit(event)
    for (const { opId, settled } of outcomes) {
      this.#waiting.get(opId)?.(settled)
      this.#waiting.delete(opId)
    }
    if (events.length > 0) this.#recorder.screen()
    return result
  }

  /** Resolves with the operation's outcome, unless the app is killed before. */
  settled(opId: string): Promise<Settled> {
    return new Promise((resolve) => {
      this.#waiting.set(opId, resolve)
    })
  }

  /** Reports a change of the screen that happened without a transaction. */
  screenChanged(): void {
    this.#recorder.screen()
  }
}

function typed(tables: Tables): ClientTables {
  return {
    records: tables.table<RecordRow>('records'),
    outbox: tables.table<OutboxRow>('outbox'),
    conflicts: tables.table<ConflictRow>('conflicts'),
    quarantine: tables.table<QuarantineRow>('quarantine'),
    cursors: tables.table<CursorRow>('meta'),
    clocks: tables.table<ClockRow>('meta'),
  }
}
