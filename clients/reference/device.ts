import { v7 } from 'uuid'
import type { Identity } from '../../harness/core/client.ts'
import type { Clock } from '../../harness/core/ports/clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { formatStamp, parseStamp, tick, witness } from '../../server-stub/protocol/hlc.ts'
import type { Books } from './ledger.ts'
import type { ClockRow } from './schema.ts'

/** What a device makes by itself, without asking anybody: keys, stamps, its own order of writes. */
export class Device {
  readonly #clock: Clock
  readonly #random: Random
  readonly #identity: Identity

  constructor(clock: Clock, random: Random, identity: Identity) {
    this.#clock = clock
    this.#random = random
    this.#identity = identity
  }

  /** A new idempotency key: UUIDv7 (RFC 9562). */
  key(): string {
    return v7({
      msecs: Math.max(0, Math.floor(this.#clock.wall())),
      random: this.#random.bytes(16),
    })
  }

  /** The next stamp of the device's hybrid logical clock, which the transaction carries on. */
  stamp({ clocks }: Books): string {
    const row = clockRow(clocks)
    const now = tick(row, Math.floor(this.#clock.wall()))
    clocks.put({ ...row, ...now })
    return formatStamp(now, this.#identity.device)
  }

  /** The next number in the device's own order of writes; never used again, not after a restart either. */
  next({ clocks }: Books): number {
    const row = clockRow(clocks)
    clocks.put({ ...row, seq: row.seq + 1 })
    return row.seq + 1
  }
}

/** The device's clock has seen this stamp: what is written from now on is later. */
export function seen({ clocks }: Books, stamp: string): void {
  const row = clockRow(clocks)
  const other = parseStamp(stamp)
  if (!other) return
  const { ms, counter } = witness(row, other)
  if (ms !== row.ms || counter !== row.counter) clocks.put({ ...row, ms, counter })
}

function clockRow(clocks: Books['clocks']): ClockRow {
  return clocks.get('clock') ?? { name: 'clock', ms: 0, counter: 0, seq: 0 }
}
