import type { EventOf, ShownRow } from '../../core/event.ts'

type View = EventOf<'view'>

/**
 * Returns the rows of a view that the one before did not show in the same place and form. Every
 * view repeats the whole screen, so that all rows of a long run are many more than its events.
 */
export function changedRows({ view }: View, before: View | undefined): readonly ShownRow[] {
  const known = before?.view.rows ?? []
  return view.rows.filter((row, place) => !isSame(row, known[place]))
}

function isSame(a: ShownRow, b: ShownRow | undefined): boolean {
  return (
    a.record === b?.record &&
    a.collection === b.collection &&
    a.id === b.id &&
    a.opId === b.opId &&
    a.hash === b.hash &&
    a.text === b.text &&
    a.status === b.status &&
    a.version === b.version
  )
}
