import type { PushItem } from '../../server-stub/protocol/item.ts'
import { recordKey } from './records.ts'
import type { OutboxRow } from './schema.ts'

/**
 * The writes to send together: in local order, at most one per record, since the next needs the version that the first brings; and where one has to wait, all later
 * ones of its conversation wait behind it. A write that failed for good stands in nobody's way.
 */
export function batchOf(
  pending: readonly OutboxRow[],
  most: { readonly items: number; readonly characters: number },
): { readonly entries: OutboxRow[]; readonly body: string } {
  const entries: OutboxRow[] = []
  const items: string[] = []
  const taken = new Set<string>()
  const waiting = new Set<string>()
  let characters = 0
  for (const entry of pending) {
    if (entries.length >= most.items) break
    const record = recordKey(entry)
    const held =
      taken.has(record) || (entry.conversation !== undefined && waiting.has(entry.conversation))
    // Once taken or held, the record's later writes are held too.
    taken.add(record)
    if (held) {
      if (entry.conversation !== undefined) waiting.add(entry.conversation)
      continue
    }
    const item = JSON.stringify(itemOf(entry))
    if (entries.length > 0 && characters + item.length > most.characters) break
    characters += item.length
    entries.push(entry)
    items.push(item)
  }
  return { entries, body: `{"items":[${items.join(',')}]}` }
}

function itemOf({ key, type, collection, record, rev, base, stamp, content }: OutboxRow): PushItem {
  const common = { key, collection, record, rev, base, stamp }
  return type === 'delete' ? { type, ...common } : { type, ...common, content: content ?? {} }
}
