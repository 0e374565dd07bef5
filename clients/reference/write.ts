import type { Action, WriteAction } from '../../harness/core/action.ts'
import type { Transaction } from './client-database.ts'
import type { IdSource } from './id-source.ts'
import { enqueue, writesTo } from './outbox.ts'
import { recordOf } from './records.ts'
import type { OutboxRow, RecordRow } from './schema.ts'
import { type VisibleRow, visibleRow } from './visible-row.ts'

/** The reason why an action is refused; undefined if it was accepted. */
export type Refusal = string | undefined

/** Applies a user's write in the transaction. The screen lays its outbox entry over the base. */
export function write(transaction: Transaction, ids: IdSource, action: WriteAction): Refusal {
  const { type, opId, collection, record } = action
  const row = recordOf(transaction, collection, record)
  const entries = writesTo(transaction, action)
  const before = visibleRow(row, entries)
  const refusal = refusalOf(action, row, entries, before)
  if (refusal !== undefined) return refusal
  const content = type === 'delete' ? undefined : action.content
  // If the screen showed a pending write of this device, the new write gets the same base, which is
  // raised when the pending one is acknowledged.
  const previous = entries.findLast((entry) => !entry.superseded)
  enqueue(transaction, ids, {
    opId,
    type,
    collection,
    record,
    conversation: conversationOf(collection, content ?? before?.content),
    base: previous?.base ?? row.confirmed?.version ?? 0,
    stamp: ids.nextStamp(transaction),
    content,
  })
  return undefined
}

function refusalOf(
  { type, record }: WriteAction,
  row: RecordRow,
  entries: readonly OutboxRow[],
  before: VisibleRow | undefined,
): Refusal {
  if (type === 'create' && before) return `there is ${record} already`
  if (type !== 'create' && !before) return `there is no ${record} here`
  if (entries.some((entry) => entry.cancelled)) return `${record} is being taken back`
  if (type === 'delete' && !row.confirmed && entries.every((entry) => entry.state === 'failed'))
    return `${record} was never sent: discard it instead`
  return undefined
}

/**
 * Cancels a write. Removes an unsent or failed one at once. Marks a creation that may have been
 * sent: its record is deleted once its arrival is confirmed.
 */
export function cancel(
  transaction: Transaction,
  ids: IdSource,
  { opId, target }: Extract<Action, { type: 'cancel' }>,
): Refusal {
  const { outbox } = transaction
  const entry = outbox.by('opId', { prefix: target }).at(0)
  if (!entry) return `${target} has been sent already`
  if (entry.cancelled) return `${target} is being taken back`
  const laterEdits = writesTo(transaction, entry).filter((other) => other.seq > entry.seq)
  if (entry.state === 'failed' || entry.exposed === 0) outbox.delete(entry.seq)
  else if (entry.type !== 'create') return `${target} may have been sent already`
  else outbox.put({ ...entry, cancelled: { opId, stamp: ids.nextStamp(transaction) } })
  // Edits are not sent before their record's creation is acknowledged: the server has none of them.
  if (entry.type === 'create') for (const edit of laterEdits) outbox.delete(edit.seq)
  return undefined
}

function conversationOf(
  collection: string,
  content: Record<string, unknown> | undefined,
): string | undefined {
  const conversation = content?.conversation
  return collection === 'messages' && typeof conversation === 'string' ? conversation : undefined
}
