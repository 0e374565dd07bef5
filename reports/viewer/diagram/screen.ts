import type { EventOf, ShownRow } from '../../../harness/core/event.ts'
import type { JoinedEvents } from '../../../harness/core/joined-events.ts'

export interface Change {
  readonly row: ShownRow
  readonly gone: boolean
}

/** What each look at a screen shows that the one before did not, by the seq of the look. */
export function screenChanges(history: JoinedEvents): Map<number, Change[]> {
  const before = new Map<string, readonly ShownRow[]>()
  const changes = new Map<number, Change[]>()
  for (const look of history.of('view')) {
    changes.set(look.seq, difference(before.get(look.node) ?? [], look))
    before.set(look.node, look.view.rows)
  }
  return changes
}

function difference(old: readonly ShownRow[], { view }: EventOf<'view'>): Change[] {
  const known = new Map(old.map((row) => [row.id, row]))
  const left = new Set(view.rows.map((row) => row.id))
  const fresh = view.rows.filter((row) => {
    const was = known.get(row.id)
    return !was || was.status !== row.status || was.text !== row.text
  })
  const gone = old.filter((row) => !left.has(row.id))
  return [
    ...fresh.map((row) => ({ row, gone: false })),
    ...gone.map((row) => ({ row, gone: true })),
  ]
}
