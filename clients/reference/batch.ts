import type { PushItem } from '../../server-stub/protocol/item.ts'
import { recordKey } from './records.ts'
import type { OutboxRow } from './schema.ts'

/**
 * Selects the writes of one push, in local order. At most one write per record, since the next one
 * needs the version of the first. A write that has to wait holds back all later writes of its
 * conversation. Parked writes hold back nothing.
 */
export function batchOf(
  pending: readonly OutboxRow[],
  limits: { readonly items: number; readonly characters: number },
  epoch = '',
): { readonly entries: OutboxRow[]; readonly body: string } {
  const entries: OutboxRow[] = []
  const items: string[] = []
  const queue = new Queue()
  let characters = 0
  for (const entry of pending) {
    if (entries.length >= limits.items) break
    if (queue.mustWait(entry)) continue
    const item = JSON.stringify(itemOf(entry))
    if (entries.length > 0 && characters + item.length > limits.characters) break
    characters += item.length
    entries.push(entry)
    items.push(item)
  }
  // Bases are versions of this epoch. Before the first pull there is none.
  const bases = epoch === '' ? '' : `"epoch":${JSON.stringify(epoch)},`
  return { entries, body: `{${bases}"items":[${items.join(',')}]}` }
}

/** Decides for each write, in local order, whether an earlier one holds it back. */
class Queue {
  readonly #records = new Set<string>()
  readonly #waitingConversations = new Set<string>()

  mustWait(entry: OutboxRow): boolean {
    const record = recordKey(entry)
    const { conversation } = entry
    const waits =
      this.#records.has(record) ||
      (conversation !== undefined && this.#waitingConversations.has(conversation))
    // Selected or not, this write holds back the record's later ones.
    this.#records.add(record)
    if (waits && conversation !== undefined) this.#waitingConversations.add(conversation)
    return waits
  }
}

function itemOf({ key, type, collection, record, rev, base, stamp, content }: OutboxRow): PushItem {
  const common = { key, collection, record, rev, base, stamp }
  return type === 'delete' ? { type, ...common } : { type, ...common, content: content ?? {} }
}
