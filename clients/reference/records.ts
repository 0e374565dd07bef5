import type { RecordState } from '../../server-stub/protocol/item.ts'
import { seen } from './device.ts'
import type { Books, Unit } from './ledger.ts'
import type { CursorRow, RecordRow } from './schema.ts'

/** How far the changes have been taken over; at nothing for a new device. */
export function cursorOf({ cursors }: Books): CursorRow {
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

export function recordOf({ records }: Books, collection: string, record: string): RecordRow {
  return records.get([collection, record]) ?? { collection, record, rev: 0 }
}

/**
 * Takes over what the server says of a record, below whatever is pending. Within an epoch a version never goes back: a page of changes may be older than
 * an answer to a push that came in meanwhile.
 */
export function confirm(unit: Unit, state: RecordState, epoch: string, round: number): void {
  seen(unit, state.stamp)
  const row = recordOf(unit, state.collection, state.record)
  const former = row.confirmed
  if (former && former.epoch === epoch && former.version > state.version) {
    if (former.round !== round) unit.records.put({ ...row, confirmed: { ...former, round } })
    return
  }
  const { version, deleted, content, seq } = state
  const place = former?.place ?? seq
  unit.records.put({
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
 * Takes over what the answer to a push says of a record, unless a pull has overtaken that answer. Whatever was committed up to the cursor we have been told
 * of: a record that we do not have any more, a late answer must not bring back.
 */
export function confirmPushed(unit: Unit, state: RecordState, epoch: string): void {
  const { epoch: pulled, cursor, round } = cursorOf(unit)
  if (pulled === epoch && state.seq <= cursor) seen(unit, state.stamp)
  else confirm(unit, state, epoch, round)
}

/**
 * At the end of a complete resync: what it has not seen is gone. Pending writes stay what they are; so does what a push has confirmed since the
 * server drew up this page, since its commit lies beyond the page's cursor; and so do deletions, which a resync does not tell of.
 */
export function sweep(unit: Unit, { epoch, cursor, round }: CursorRow): void {
  for (const row of unit.records.all()) {
    const { collection, record, rev, confirmed } = row
    if (!confirmed || confirmed.round === round) continue
    if (confirmed.epoch === epoch && (confirmed.deleted || confirmed.seq > cursor)) continue
    // The count of local revisions outlives the record: an old ack must never fit a new write.
    if (rev > 0) unit.records.put({ collection, record, rev })
    else unit.records.delete([collection, record])
  }
}

/** One text for a record, whatever its names are made of. */
export function recordKey({
  collection,
  record,
}: {
  readonly collection: string
  readonly record: string
}): string {
  return JSON.stringify([collection, record])
}
