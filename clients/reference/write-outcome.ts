/**
 * Applies the outcome of a write: acknowledged, lost to a conflict, or rejected. Each function runs
 * in the transaction that received the outcome, after the confirmed base was updated.
 *
 * @module
 */
import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { Transaction } from './client-database.ts'
import type { IdSource } from './id-source.ts'
import { withAcknowledged } from './lost-writes.ts'
import { enqueue, writesTo } from './outbox.ts'
import { recordOf } from './records.ts'
import type { OutboxRow } from './schema.ts'

/**
 * Applies the ack of a write that took effect. `current` is the record's current state, which may
 * be a later write by another user.
 */
export function acknowledge(
  transaction: Transaction,
  ids: IdSource,
  entry: OutboxRow,
  outcome: 'applied' | 'duplicate',
  current: RecordState | undefined,
): void {
  const version = current?.key === entry.key ? current.version : undefined
  transaction.outbox.delete(entry.seq)
  const row = recordOf(transaction, entry.collection, entry.record)
  if (row.confirmed?.key === entry.key) transaction.records.put(withAcknowledged(row, entry))
  for (const other of writesTo(transaction, entry)) {
    if (other.state === 'failed' && other.seq < entry.seq)
      transaction.outbox.put({ ...other, superseded: 1 })
    // Later local writes were made on this write, so its version becomes their base. If another
    // user has written since, they keep their base: the server's policy must decide that conflict.
    else if (other.state === 'pending' && other.seq > entry.seq && version !== undefined)
      transaction.outbox.put({ ...other, base: version })
  }
  emitAck(transaction, entry, outcome, version)
  transaction.settle(entry.opId, { outcome: 'acked' })
  if (entry.cancelled && !current?.deleted)
    compensate(transaction, ids, entry, entry.cancelled, version)
}

/** Applies a lost conflict. The losing content stays visible in view().conflicts. */
export function applyConflict(transaction: Transaction, entry: OutboxRow, rule: string): void {
  transaction.outbox.delete(entry.seq)
  if (entry.content && !entry.cancelled) {
    const { seq, key, collection, record, content } = entry
    transaction.conflicts.put({ seq, key, collection, record, content, rule })
  }
  emitAck(transaction, entry, 'conflict')
  transaction.settle(entry.opId, { outcome: 'conflict', reason: rule })
}

/**
 * Applies a final rejection. Keeps the write as failed, with its content, unless it was cancelled.
 */
export function park(transaction: Transaction, entry: OutboxRow, reason: string): void {
  if (entry.cancelled) transaction.outbox.delete(entry.seq)
  else transaction.outbox.put({ ...entry, state: 'failed', reason })
  emitAck(transaction, entry, 'rejected')
  transaction.settle(entry.opId, { outcome: 'rejected', reason })
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
 * Deletes a record whose creation took effect although it was cancelled. The deletion gets its key
 * only now, when there is a record to delete.
 */
function compensate(
  transaction: Transaction,
  ids: IdSource,
  { collection, record, conversation, base }: OutboxRow,
  { opId, stamp }: { readonly opId: string; readonly stamp: string },
  version: number | undefined,
): void {
  enqueue(transaction, ids, {
    opId,
    type: 'delete',
    collection,
    record,
    conversation,
    base: version ?? base,
    stamp,
  })
}
