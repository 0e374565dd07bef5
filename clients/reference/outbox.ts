import type { Content } from '../../harness/core/action.ts'
import { payloadHash } from '../../harness/core/hash.ts'
import type { ClientTables, Transaction } from './client-database.ts'
import type { IdSource } from './id-source.ts'
import { recordOf } from './records.ts'
import type { OutboxRow } from './schema.ts'

/** A write before it is queued. */
interface NewWrite extends Pick<OutboxRow, 'opId' | 'type' | 'collection' | 'record' | 'base'> {
  readonly conversation: string | undefined
  readonly stamp: string
  readonly content?: Content | undefined
}

/**
 * Adds a write to the outbox. From then on it is shown, and it is pushed until it has an outcome.
 */
export function enqueue(transaction: Transaction, ids: IdSource, write: NewWrite): void {
  const { opId, type, collection, record, conversation, base, stamp, content } = write
  const row = recordOf(transaction, collection, record)
  const rev = row.rev + 1
  const key = ids.nextKey()
  transaction.outbox.put({
    seq: ids.nextSeq(transaction),
    key,
    opId,
    type,
    collection,
    record,
    ...(conversation !== undefined && { conversation }),
    rev,
    base,
    stamp,
    ...(content && { content }),
    state: 'pending',
    attempts: 0,
    exposed: 0,
  })
  transaction.records.put({ ...row, rev })
  transaction.emit({
    type: 'localCommit',
    opId,
    key,
    write: type,
    collection,
    record,
    rev,
    base,
    stamp,
    ...(content && { hash: payloadHash(content) }),
  })
}

/** Returns the outbox's writes to a record, in local order. */
export function writesTo(
  { outbox }: Pick<ClientTables, 'outbox'>,
  { collection, record }: { readonly collection: string; readonly record: string },
): OutboxRow[] {
  return outbox.by('record', { prefix: [collection, record] })
}
