import type { EventOf, ShownRow } from '../../harness/core/event.ts'
import type { JoinedEvents } from '../../harness/core/joined-events.ts'

/** A row that one view shows and the device's view before did not, or the reverse. */
export interface RowChange {
  readonly row: ShownRow
  /** The view no longer shows the row. */
  readonly removed: boolean
}

/** Maps the seq of each view to the rows that changed since the device's previous view. */
export function screenChanges(history: JoinedEvents): Map<number, RowChange[]> {
  const rowsBefore = new Map<string, readonly ShownRow[]>()
  const changes = new Map<number, RowChange[]>()
  for (const event of history.of('view')) {
    changes.set(event.seq, compareRows(rowsBefore.get(event.node) ?? [], event))
    rowsBefore.set(event.node, event.view.rows)
  }
  return changes
}

function compareRows(before: readonly ShownRow[], { view }: EventOf<'view'>): RowChange[] {
  const beforeById = new Map(before.map((row) => [row.id, row]))
  const idsNow = new Set(view.rows.map((row) => row.id))
  const changed = view.rows.filter((row) => {
    const old = beforeById.get(row.id)
    return !old || old.status !== row.status || old.text !== row.text
  })
  const removed = before.filter((row) => !idsNow.has(row.id))
  return [
    ...changed.map((row) => ({ row, removed: false })),
    ...removed.map((row) => ({ row, removed: true })),
  ]
}
