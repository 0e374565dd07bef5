import type { View, ViewOutboxEntry, ViewRow } from '../../harness/core/client.ts'
import { groupBy } from '../../harness/core/group.ts'
import type { ClientTables } from './client-database.ts'
import { cursorOf, recordKey } from './records.ts'
import type { OutboxRow } from './schema.ts'
import { visibleRow } from './visible-row.ts'

/** The first place of unconfirmed rows: after every commit sequence number. */
const UNCONFIRMED_PLACE = Number.MAX_SAFE_INTEGER / 2

/** Derives the screen from the tables. `pullSucceeded` is true if the latest pull succeeded. */
export function viewOf(tables: ClientTables, pullSucceeded: boolean): View {
  const outbox = tables.outbox.all()
  const failed = outbox.filter((entry) => entry.state === 'failed').length
  return {
    rows: rowsOf(tables, outbox),
    conflicts: tables.conflicts
      .all()
      .map(({ collection, record, content }) => ({ collection, record, content })),
    pending: outbox.length - failed,
    failed,
    allSynced:
      outbox.length === 0 &&
      pullSucceeded &&
      cursorOf(tables).complete &&
      tables.quarantine.count() === 0,
    outbox: outbox.map(viewEntry),
  }
}

/** Sorts rows in server order. Rows that the server has not confirmed come last, in local order. */
function rowsOf(tables: ClientTables, outbox: readonly OutboxRow[]): ViewRow[] {
  const writes = groupBy(outbox, recordKey)
  const placed: { readonly place: number; readonly row: ViewRow }[] = []
  for (const row of tables.records.all()) {
    const { collection, record, confirmed } = row
    const entries = writes.get(recordKey(row)) ?? []
    const visible = visibleRow(row, entries)
    if (!visible) continue
    placed.push({
      place: confirmed?.place ?? UNCONFIRMED_PLACE + (entries[0]?.seq ?? 0),
      row: {
        collection,
        id: record,
        record,
        ...visible,
        ...(confirmed && { version: confirmed.version }),
      },
    })
  }
  placed.sort((a, b) => compare(a.row.collection, b.row.collection) || a.place - b.place)
  return placed.map(({ row }) => row)
}

function viewEntry(entry: OutboxRow): ViewOutboxEntry {
  const { key, type, collection, record, rev, content, state } = entry
  return { key, type, collection, record, rev, ...(content && { content }), state }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
