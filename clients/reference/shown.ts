import type { Content } from '../../harness/core/action.ts'
import type { OutboxRow, RecordRow } from './schema.ts'

export interface Shown {
  readonly content: Content
  readonly status: 'pending' | 'sent' | 'failed'
}

/**
 * A record as the person sees it: the confirmed base, and the device's own writes on top in their order. Undefined when there is nothing to see.
 * `entries`: the outbox's writes to it, oldest first.
 */
export function shown(row: RecordRow, entries: readonly OutboxRow[]): Shown | undefined {
  let content = row.confirmed?.deleted ? undefined : row.confirmed?.content
  let status: Shown['status'] = 'sent'
  for (const entry of entries) {
    if (entry.cancelled) return undefined
    if (entry.superseded) continue
    // A deletion that was refused has not deleted anything: the row is back, and says that something failed.
    if (entry.type !== 'delete') content = entry.content
    else if (entry.state === 'pending') content = undefined
    status = entry.state
  }
  return content && { content, status }
}
