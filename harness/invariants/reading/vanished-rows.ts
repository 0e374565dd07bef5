import type { EventOf, ShownRow } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { askedOf } from './asked.ts'
import { recordName } from './record-name.ts'

type View = EventOf<'view'>

/** A record that one screen of a device shows, and the next one does not. */
export interface VanishedRow {
  readonly record: string
  readonly row: ShownRow
  readonly before: View
  readonly after: View
}

/**
 * Lists the rows that vanish from a device's screens while its app runs. A row under another name
 * that shows the same operation is the same row. Skips a late view, which may be the older of two.
 */
export function* vanishedRows(history: History, device: string): Generator<VanishedRow> {
  const starts = history.of('start', device)
  let [before, started]: [View | undefined, number] = [undefined, 0]
  for (const after of history.of('view', device)) {
    if (before && askedOf(history, after).seq < before.seq) continue
    let restarted = false
    while ((starts[started]?.seq ?? Number.POSITIVE_INFINITY) < after.seq) {
      restarted ||= before !== undefined && (starts[started]?.seq ?? 0) > before.seq
      started++
    }
    if (before && !restarted) yield* difference(before, after)
    before = after
  }
}

function* difference(before: View, after: View): Generator<VanishedRow> {
  // Most rows stay in their place.
  const moved = before.view.rows.filter((row, place) => !isOfRecord(row, after.view.rows[place]))
  if (moved.length === 0) return
  const shown = new Set(after.view.rows.flatMap((row) => [recordName(row), row.opId]))
  for (const row of moved) {
    const record = recordName(row)
    if (shown.has(record) || (row.opId !== undefined && shown.has(row.opId))) continue
    yield { record, row, before, after }
  }
}

const isOfRecord = (a: ShownRow, b: ShownRow | undefined) =>
  a.record === b?.record && a.collection === b.collection
