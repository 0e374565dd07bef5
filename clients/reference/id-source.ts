import { v7 } from 'uuid'
import type { Identity } from '../../harness/core/client.ts'
import type { Clock } from '../../harness/core/ports/clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { formatStamp, parseStamp, tick, witness } from '../../server-stub/protocol/hlc.ts'
import type { ClientTables } from './client-database.ts'
import type { ClockRow } from './schema.ts'

/** Makes each write's key, stamp and sequence number, without asking the server. */
export class IdSource {
  readonly #clock: Clock
  readonly #random: Random
  readonly #identity: Identity

  constructor(clock: Clock, random: Random, identity: Identity) {
    this.#clock = clock
    this.#random = random
    this.#identity = identity
  }

  /** Makes a new idempotency key: a UUIDv7 (RFC 9562). */
  nextKey(): string {
    return v7({
      msecs: Math.max(0, Math.floor(this.#clock.wall())),
      random: this.#random.bytes(16),
    })
  }

  /** Makes the next stamp of the device's hybrid logical clock. Saves it in the transaction. */
  nextStamp({ clocks }: ClientTables): string {
    const row = clockRow(clocks)
    const now = tick(row, Math.floor(this.#clock.wall()))
    clocks.put({ ...row, ...now })
    return formatStamp(now, this.#identity.device)
  }

  /**
   * Makes the next number in the device's order of writes. Never repeats one, even after a kill.
   */
  nextSeq({ clocks }: ClientTables): number {
    const row = clockRow(clocks)
    clocks.put({ ...row, seq: row.seq + 1 })
    return row.seq + 1
  }
}

/** Advances the device's clock past another device's stamp, so that later stamps sort after it. */
export function witnessStamp({ clocks }: ClientTables, stamp: string): void {
  const row = clockRow(clocks)
  const other = parseStamp(stamp)
  if (!other) return
  const { ms, counter } = witness(row, other)
  if (ms !== row.ms || counter !== row.counter) clocks.put({ ...row, ms, counter })
}

function clockRow(clocks: ClientTables['clocks']): ClockRow {
  return clocks.get('clock') ?? { name: 'clock', ms: 0, counter: 0, seq: 0 }
}
