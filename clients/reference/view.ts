import type { View, ViewRow } from '../../harness/core/client.ts'
import { groupBy } from '../../harness/core/group.ts'
import type { Books } from './ledger.ts'
import { cursorOf, recordKey } from './records.ts'
import { shown } from './shown.ts'

/** The screen, derived from the tables each time. `fresh`: the last look for news got an answer. */
export function viewOf(books: Books, fresh: boolean): View {
  const outbox = books.outbox.all()
  const writes = groupBy(outbox, recordKey)
  const placed: { readonly place: number; readonly row: ViewRow }[] = []
  for (const row of books.records.all()) {
    const { collection, record, confirmed } = row
    const entries = writes.get(recordKey(row)) ?? []
    const seen = shown(row, entries)
    if (!seen) continue
    // What the server has not placed yet stands at the end, in the order it was written.
    const place = confirmed?.place ?? Number.MAX_SAFE_INTEGER / 2 + (entries[0]?.seq ?? 0)
    placed.push({
      place,
      row: {
        collection,
        id: record,
        record,
        ...seen,
        ...(confirmed && { version: confirmed.version }),
      },
    })
  }
  placed.sort((a, b) => order(a.row.collection, b.row.collection) || a.place - b.place)
  const failed = outbox.filter((entry) => entry.state === 'failed').length
  return {
    rows: placed.map(({ row }) => row),
    conflicts: books.conflicts
      .all()
      .map(({ collection, record, content }) => ({ collection, record, content })),
    pending: outbox.length - failed,
    failed,
    allSynced: outbox.length === 0 && fresh && cursorOf(books).complete,
    outbox: outbox.map(({ key, type, collection, record, rev, content, state }) => ({
      key,
      type,
      collection,
      record,
      rev,
      ...(content && { content }),
      state,
    })),
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
