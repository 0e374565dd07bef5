import { type Abort, HttpError } from '../../harness/core/ports/http.ts'
import type { PushResponse } from '../../server-stub/protocol/push.ts'
import { batchOf } from './batch.ts'
import type { Transaction } from './client-database.ts'
import { parsePushResponse } from './push-response.ts'
import { beginResync, bury, confirmPushed, cursorOf } from './records.ts'
import type { AttemptOutcome } from './retry-scheduler.ts'
import type { CursorRow, OutboxRow } from './schema.ts'
import { SETTINGS } from './settings.ts'
import { type SyncSetup, send } from './sync-setup.ts'
import { acknowledge, applyConflict, park } from './write-outcome.ts'

/** Sends the pending writes of the outbox, batch by batch, and applies their outcomes. */
export class Push {
  readonly #setup: SyncSetup
  /** Halved while a whole batch is refused, to isolate the invalid item; doubled on success. */
  #batchItems: number = SETTINGS.batch.items

  constructor(setup: SyncSetup) {
    this.#setup = setup
  }

  async attempt(abort: Abort): Promise<AttemptOutcome> {
    const { clock } = this.#setup
    const { sentAt, entries, body } = this.#nextBatch()
    // The bases of pending writes may be of a state that the server has lost: the resync renews
    // them. Its end requests the next push.
    if (sentAt.epoch !== '' && sentAt.full) return { type: 'done' }
    if (entries.length === 0) return { type: 'done' }
    // Committed before sending: after a kill, a write that was sent must not count as unsent.
    this.#update(entries, ({ attempts }) => ({ attempts: attempts + 1, exposed: 1 }))
    const response = await send(
      this.#setup,
      {
        method: 'POST',
        path: '/push',
        headers: { 'content-type': 'application/json' },
        body,
        about: entries.map(({ key, attempts }) => ({ key, attempt: attempts + 1 })),
      },
      abort,
    )
    if (response instanceof HttpError) {
      if (response.failure === 'refused') this.#undoExposure(entries)
      return { type: 'failed' }
    }
    const result = parsePushResponse(response, entries, clock.wall(), sentAt.epoch)
    if (result.type === 'failed') return result
    if (result.type === 'resync') return this.#startResync(sentAt, result.epoch)
    if (result.type === 'refused') this.#isolateRefused(entries, result.reason)
    else {
      this.#apply(entries, result.body, sentAt)
      this.#batchItems = Math.min(SETTINGS.batch.items, this.#batchItems * 2)
    }
    return { type: 'more' }
  }

  #nextBatch(): ReturnType<typeof batchOf> & { readonly sentAt: CursorRow } {
    const limit = 20 * SETTINGS.batch.items
    return this.#setup.database.read((tables) => {
      const sentAt = cursorOf(tables)
      const pending = tables.outbox.by('state', { prefix: 'pending', limit })
      const limits = { ...SETTINGS.batch, items: this.#batchItems }
      return { sentAt, ...batchOf(pending, limits, sentAt.epoch) }
    })
  }

  /** The server wrote nothing. The end of the resync requests the next push. */
  #startResync({ epoch }: CursorRow, newEpoch: string): AttemptOutcome {
    this.#setup.database.transaction((transaction) => {
      const cursor = cursorOf(transaction)
      if (cursor.epoch === epoch) beginResync(transaction, cursor, newEpoch)
    })
    return { type: 'done' }
  }

  /** Called after a refused connection, which proves that the server did not get the request. */
  #undoExposure(entries: readonly OutboxRow[]): void {
    const firstSent = entries.filter((entry) => entry.exposed === 0)
    if (firstSent.length > 0) this.#update(firstSent, () => ({ exposed: 0 }))
  }

  /** Retries a refused batch in halves, and parks a refused single write. */
  #isolateRefused(entries: readonly OutboxRow[], reason: string): void {
    const [first, second] = entries
    if (second) this.#batchItems = Math.ceil(entries.length / 2)
    else if (first)
      this.#setup.database.transaction((transaction) => {
        const entry = currentOf(transaction, first)
        if (entry?.state === 'pending') park(transaction, entry, reason)
      })
  }

  #apply(entries: readonly OutboxRow[], { epoch, results }: PushResponse, sentAt: CursorRow): void {
    this.#setup.database.transaction((transaction) => {
      const cursor = cursorOf(transaction)
      // The cursor is invalid in a new epoch: pull everything again.
      if (cursor.epoch !== '' && cursor.epoch !== epoch) beginResync(transaction, cursor, epoch)
      results.forEach((result, i) => {
        const entry = entries[i] as OutboxRow
        if (result.current) confirmPushed(transaction, result.current, epoch)
        else if (result.outcome !== 'rejected') bury(transaction, entry, epoch, sentAt)
        this.#applyResult(transaction, entry, result)
      })
    })
  }

  #applyResult(
    transaction: Transaction,
    sent: OutboxRow,
    { outcome, current, reason }: PushResponse['results'][number],
  ): void {
    const entry = transaction.outbox.get(sent.seq)
    // Compare and set: a pull may have completed the write. Later writes have rows of their own.
    if (entry?.rev !== sent.rev) return
    const { ids } = this.#setup
    // A server without dedup reports a repeated write as a conflict. If this write made the current
    // version, it has not lost.
    if (current?.key === entry.key)
      acknowledge(transaction, ids, entry, outcome === 'applied' ? 'applied' : 'duplicate', current)
    else if (outcome === 'conflict')
      applyConflict(transaction, entry, reason ?? 'another write stands')
    else if (outcome === 'rejected') park(transaction, entry, reason ?? 'refused by the server')
    else acknowledge(transaction, ids, entry, outcome, current)
  }

  #update(entries: readonly OutboxRow[], change: (entry: OutboxRow) => Partial<OutboxRow>): void {
    this.#setup.database.transaction((transaction) => {
      for (const sent of entries) {
        const entry = currentOf(transaction, sent)
        if (entry) transaction.outbox.put({ ...entry, ...change(entry) })
      }
    })
  }
}

/** Returns the entry's current row in the outbox; undefined if it was completed or cancelled. */
function currentOf({ outbox }: Transaction, { seq, key }: OutboxRow): OutboxRow | undefined {
  const entry = outbox.get(seq)
  return entry?.key === key ? entry : undefined
}
