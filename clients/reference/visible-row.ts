import type { Content } from '../../harness/core/action.ts'
import type { OutboxRow, RecordRow } from './schema.ts'

export interface VisibleRow {
  readonly content: Content
  readonly status: 'pending' | 'sent' | 'failed'
}

/**
 * Returns a record as the user sees it: the confirmed base with this device's own writes on top.
 * Undefined if the record is not shown. `entries` are the outbox's writes to it, oldest first.
 */
export function visibleRow(row: RecordRow, entries: readonly OutboxRow[]): VisibleRow | undefined {
  let content = row.confirmed?.deleted ? undefined : row.confirmed?.content
  let status: VisibleRow['status'] = 'sent'
  for (const entry of entries) {
    if (entry.cancelled) return undefined
    if (entry.superseded) continue
    // A rejected deletion has deleted nothing: the row is shown again, as failed.
    if (entry.type !== 'delete') content = entry.content
    else if (entry.state === 'pending') content = undefined
    status = entry.state
  }
  return content && { content, status }
}
