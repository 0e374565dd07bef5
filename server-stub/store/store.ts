import type { Database, OpenDatabase, Tables } from '../../harness/core/ports/database.ts'
import type { Random } from '../../harness/core/random.ts'
import { randomHex } from '../random-hex.ts'
import { type CommitEvent, type LoggedCommit, type Meta, schema } from './tables.ts'

/**
 * A position in the commit sequence. `at` is a server timestamp. It always increases, even if the
 * wall clock goes back.
 */
export interface Position {
  readonly seq: number
  readonly at: number
}

/** The server's database, with its epoch and its newest position cached. */
export class Store {
  readonly database: Database
  readonly epoch: string
  #position: Position

  constructor(open: OpenDatabase, random: Random) {
    this.database = open(schema)
    this.epoch =
      this.database.read((tables) => epochIn(tables)) ??
      this.database.transaction((tables) => {
        const epoch = randomHex(random, 8)
        tables.table<Meta>('meta').put({ name: 'epoch', value: epoch })
        return epoch
      })
    const last = this.database.read(
      (tables) => tables.table<LoggedCommit>('commits').all({ reverse: true, limit: 1 })[0],
    )
    this.#position = { seq: last?.position ?? 0, at: last?.at ?? 0 }
  }

  get seq(): number {
    return this.#position.seq
  }

  /**
   * Returns the position of the next commit. Call {@link advanceTo} only after the transaction, so
   * that a write that is rolled back leaves no gap.
   */
  next(wall: number): Position {
    return { seq: this.#position.seq + 1, at: Math.max(Math.floor(wall), this.#position.at + 1) }
  }

  advanceTo(position: Position): void {
    this.#position = position
  }

  /** The commits after a position, in order. */
  commitsAfter(seq: number): CommitEvent[] {
    const rows = this.database.read((tables) =>
      tables.table<LoggedCommit>('commits').all({ after: seq }),
    )
    return rows.map(({ at: _, ...event }) => event)
  }
}

function epochIn(tables: Tables): string | undefined {
  const row = tables.table<Meta>('meta').get('epoch')
  return row && String(row.value)
}
