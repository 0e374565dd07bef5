/**
 * Applies the outcome of a write: acknowledged, lost to a conflict, or rejected. Each function runs
 * in the transaction that received the outcome, after the confirmed base was updated.
 *
 * @module
 */
import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { Transaction } from './client-database.ts'
import type { IdSource } from './id-source.ts'
import { enqueue, writesTo } from './outbox.ts'
import type { OutboxRow } from './schema.ts'

/** The write took effect. `current`: the record's current state, maybe a later write of others. */
export function acknowledge(
  transaction: Transaction,
  ids: IdSource,
  entry: OutboxRow,
  outcome: 'applied' | 'duplicate',
  current: RecordState | undefined,
): void {
  const version = current?.key === entry.key ? current.version : undefined
  transaction.outbox.delete(entry.seq)
  for (const other of writesTo(transaction, entry)) {
    if (other.state === 'failed' && other.seq < entry.seq)
      transaction.outbox.put({ ...other, superseded: 1 })
    // Later local writes were made on this write, so its version becomes their base. A later
    // version of somebody else was not on the screen: that is a conflict for the policy.
    else if (other.state === 'pending' && other.seq > entry.seq && version !== undefined)
      transaction.outbox.put({ ...other, base: version })
  }
  emitAck(transaction, entry, outcome, version)
  transaction.settle(entry.op, { outcome: 'acked' })
  if (entry.cancelled && !current?.deleted)
    compensate(transaction, ids, entry, entry.cancelled, version)
}

/** The write lost to another one. Its content stays reachable in view().conflicts. */
export function applyConflict(transaction: Transaction, entry: OutboxRow, rule: string): void {
  transaction.outbox.delete(entry.seq)
  if (entry.content && !entry.cancelled) {
    const { seq, key, collection, record, content } = entry
    transaction.conflicts.put({ seq, key, collection, record, content, rule })
  }
  emitAck(transaction, entry, 'conflict')
  transaction.settle(entry.op, { outcome: 'conflict', reason: rule })
}

/** The server rejected the write for good. Parks it with its content, unless it was taken back. */
export function park(transaction: Transaction, entry: OutboxRow, reason: string): void {
  if (entry.cancelled) transaction.outbox.delete(entry.seq)
  else transaction.outbox.put({ ...entry, state: 'failed', reason })
  emitAck(transaction, entry, 'rejected')
  transaction.settle(entry.op, { outcome: 'rejected', reason })
}

function emitAck(
  { emit }: Transaction,
  { key, rev }: OutboxRow,
  outcome: 'applied' | 'duplicate' | 'conflict' | 'rejected',
  version?: number,
): void {
  emit({
    type: 'ackApplied',
    key,
    rev,
    outcome,
    ...(version !== undefined && { version }),
    cleared: true,
  })
}

/**
 * Deletes a record whose creation was taken back and has arrived after all. The deletion gets its
 * own key only now, when there is something to delete.
 */
function compensate(
  transaction: Transaction,
  ids: IdSource,
  { collection, record, conversation, base }: OutboxRow,
  { op, stamp }: { readonly op: string; readonly stamp: string },
  version: number | undefined,
): void {
  enqueue(transaction, ids, {
    op,
    type: 'delete',
    collection,
    record,
    conversation,
    base: version ?? base,
    stamp,
  })
}
