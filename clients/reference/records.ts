/**
 * The confirmed base: the records as the server reported them, below all pending writes. Within an
 * epoch a record's version never decreases.
 *
 * @module
 */
import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { ClientTables, Transaction } from './client-database.ts'
import { witnessStamp } from './id-source.ts'
import type { CursorRow, RecordRow } from './schema.ts'

/** Returns the pull cursor; on a new device, one at the beginning. */
export function cursorOf({ cursors }: ClientTables): CursorRow {
  return (
    cursors.get('cursor') ?? {
      name: 'cursor',
      epoch: '',
      cursor: 0,
      complete: false,
      full: true,
      round: 0,
    }
  )
}

/** Makes the cursor for the first page of a resync in this epoch. */
export function resyncCursor(cursor: CursorRow, epoch: string): CursorRow {
  return { ...cursor, epoch, cursor: 0, complete: false, full: true }
}

export function recordOf({ records }: ClientTables, collection: string, record: string): RecordRow {
  return records.get([collection, record]) ?? { collection, record, rev: 0 }
}

/**
 * Updates the base with a record of a pull. Ignores a lower version of the same epoch: a page of
 * changes may be older than a push response that arrived meanwhile.
 */
export function confirm(
  transaction: Transaction,
  state: RecordState,
  epoch: string,
  round: number,
): void {
  witnessStamp(transaction, state.stamp)
  const row = recordOf(transaction, state.collection, state.record)
  const former = row.confirmed
  if (former && former.epoch === epoch && former.version > state.version) {
    if (former.round !== round) transaction.records.put({ ...row, confirmed: { ...former, round } })
    return
  }
  const { version, deleted, content, seq } = state
  const place = state.place ?? former?.place ?? seq
  transaction.records.put({
    ...row,
    confirmed: {
      version,
      deleted,
      ...(content && !deleted && { content }),
      epoch,
      round,
      seq,
      place,
    },
  })
}

/**
 * Updates the base with a record of a push response. Ignores commits up to the cursor: a pull has
 * applied them already, and a late response must not restore a record that was deleted since.
 */
export function confirmPushed(transaction: Transaction, state: RecordState, epoch: string): void {
  const cursor = cursorOf(transaction)
  if (cursor.epoch === epoch && state.seq <= cursor.cursor) witnessStamp(transaction, state.stamp)
  else confirm(transaction, state, epoch, cursor.round)
}

/**
 * Deletes the confirmed states that a complete resync did not contain. Keeps pending writes,
 * records that a push confirmed beyond the resync's cursor, and tombstones, which a resync omits.
 */
export function sweep(transaction: Transaction, { epoch, cursor, round }: CursorRow): void {
  const { records } = transaction
  for (const row of records.all()) {
    const { collection, record, rev, confirmed } = row
    if (!confirmed || confirmed.round === round) continue
    if (confirmed.epoch === epoch && (confirmed.deleted || confirmed.seq > cursor)) continue
    // The revision is kept: an ack of an old write must not match a new one.
    if (rev > 0) records.put({ collection, record, rev })
    else records.delete([collection, record])
  }
}

/** Makes an unambiguous key of a record's names, which may contain any characters. */
export function recordKey({
  collection,
  record,
}: {
  readonly collection: string
  readonly record: string
}): string {
  return JSON.stringify([collection, record])
}
