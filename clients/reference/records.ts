/**
 * The confirmed base: the records as the server reported them, below all pending writes. Within an
 * epoch the commit sequence orders a record's versions. Their numbers need not: a server that has
 * forgotten a deletion may count a second life of the record from 1.
 *
 * @module
 */
import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { ClientTables, Transaction } from './client-database.ts'
import { witnessStamp } from './id-source.ts'
import { isLost, pushAgain, rebase } from './lost-writes.ts'
import type { CursorRow, OutboxRow, RecordRow } from './schema.ts'

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

/** Begins a resync in this epoch: all rows will come again, the quarantined ones too. */
export function beginResync(transaction: Transaction, cursor: CursorRow, epoch: string): void {
  transaction.cursors.put({ ...cursor, epoch, cursor: 0, complete: false, full: true })
  for (const { after, index } of transaction.quarantine.all())
    transaction.quarantine.delete([after, index])
}

/** Marks the versions that the server has lost: those after its newest commit. */
export function markLost({ records }: Transaction, epoch: string, newest: number): void {
  for (const row of records.all())
    if (row.confirmed?.epoch === epoch && row.confirmed.seq > newest)
      records.put({ ...row, confirmed: { ...row.confirmed, epoch: '' } })
}

export function recordOf({ records }: ClientTables, collection: string, record: string): RecordRow {
  return records.get([collection, record]) ?? { collection, record, rev: 0 }
}

/**
 * Updates the base with a record of a pull. Ignores an earlier commit of the same epoch: a page of
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
  if (former && former.epoch === epoch && former.seq > state.seq) {
    if (former.round !== round) transaction.records.put({ ...row, confirmed: { ...former, round } })
    return
  }
  const { version, deleted, content, key, seq } = state
  const place = state.place ?? former?.place ?? seq
  if (former && isLost(former, epoch)) {
    rebase(transaction, row, former.key === key ? version : 0)
    if (former.key !== key && !(former.deleted && deleted))
      pushAgain(transaction, row, former.deleted ? 'delete' : 'update')
  }
  const { acknowledged, ...rest } = row
  transaction.records.put({
    ...rest,
    ...(acknowledged && acknowledged.key === key && { acknowledged }),
    confirmed: {
      version,
      deleted,
      ...(content && !deleted && { content }),
      ...(key !== undefined && { key }),
      epoch,
      round,
      seq,
      place,
    },
  })
}

/**
 * Updates the base with a record of a push response. Ignores a live record up to the cursor: a pull
 * has applied it already, and a late response must not restore a record that was deleted since. A
 * deletion is news even then: a resync has no tombstones, and a new record must be made on it.
 */
export function confirmPushed(transaction: Transaction, state: RecordState, epoch: string): void {
  const cursor = cursorOf(transaction)
  const isPulled = cursor.epoch === epoch && state.seq <= cursor.cursor
  if (isPulled && !state.deleted) witnessStamp(transaction, state.stamp)
  else confirm(transaction, state, epoch, cursor.round)
}

/**
 * Removes a record from the base after a push response without its state: the server has deleted
 * the record and forgotten the deletion. Does nothing if the base may be newer than the response:
 * it is no older than the write, and has changed since the request was sent, when the cursor was
 * `sentAt`.
 */
export function bury(
  { records }: Transaction,
  { collection, record, base }: Pick<OutboxRow, 'collection' | 'record' | 'base'>,
  epoch: string,
  sentAt: CursorRow,
): void {
  const row = records.get([collection, record])
  if (row?.confirmed?.epoch !== epoch || sentAt.epoch !== epoch) return
  const isOlderThanWrite = row.confirmed.version <= base
  if (!isOlderThanWrite && row.confirmed.seq > sentAt.cursor) return
  records.put({ collection, record, rev: row.rev })
}

/**
 * Deletes the confirmed states that a complete resync did not contain: within an epoch their
 * records were deleted. In a new one the server has lost them, so own ones are sent again. Keeps
 * pending writes, records that a push confirmed beyond the resync's cursor, tombstones, which a
 * resync omits, and what a row that could not be read may be about.
 */
export function sweep(transaction: Transaction, { epoch, cursor, round }: CursorRow): void {
  const { records, quarantine } = transaction
  const unread = quarantine.all()
  if (unread.some(({ record }) => record === undefined)) return
  const kept = new Set(
    unread.map(({ collection = '', record = '' }) => recordKey({ collection, record })),
  )
  for (const row of records.all()) {
    const { collection, record, rev, confirmed } = row
    if (!confirmed || confirmed.round === round) continue
    if (confirmed.epoch === epoch && (confirmed.deleted || confirmed.seq > cursor)) continue
    if (kept.has(recordKey(row))) continue
    if (isLost(confirmed, epoch)) {
      rebase(transaction, row, 0)
      if (!confirmed.deleted) pushAgain(transaction, row, 'create')
    }
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
