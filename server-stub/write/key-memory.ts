import type { Tables } from '../../harness/core/ports/database.ts'
import type { RememberedKey, StoredRecord } from '../store/tables.ts'
import type { Write } from './decide.ts'
import type { WriteResult } from './write-result.ts'

/** Stores the result of the first write with this key, in the transaction of the write. */
export function rememberKey(
  tables: Tables,
  { key, collection, record }: Write,
  { outcome, rule, winner, at }: WriteResult,
  now: number,
): void {
  if (key === undefined || outcome === 'duplicate') return
  tables.table<RememberedKey>('keys').put({
    key,
    collection,
    record,
    outcome,
    storedAt: now,
    ...details({ rule, winner, at }),
  })
}

/**
 * Returns the result of the first write with this key, with the record as it is now. Undefined for
 * a new key, and for one that was stored at `storedAfter` or before.
 */
export function replayKey(
  tables: Tables,
  { key, collection, record }: Write,
  storedAfter: number,
): WriteResult | undefined {
  const known = key === undefined ? undefined : tables.table<RememberedKey>('keys').get(key)
  if (!known || known.storedAt <= storedAfter) return undefined
  const current = tables.table<StoredRecord>('records').get([collection, record])
  const now = {
    name: current?.name ?? record,
    head: current?.version ?? 0,
    ...(current && { current }),
  }
  if (known.collection !== collection || known.record !== record) {
    return { ...now, outcome: 'rejected', rule: 'idempotency key was used for another record' }
  }
  const { outcome, rule, winner, at } = known
  return {
    ...now,
    outcome: outcome === 'applied' ? 'duplicate' : outcome,
    ...details({ rule, winner, at }),
  }
}

type Details = Pick<WriteResult, 'rule' | 'winner' | 'at'>

/** Drops undefined fields: a stored row has none. */
function details({
  rule,
  winner,
  at,
}: { [Name in keyof Details]: Details[Name] | undefined }): Details {
  return {
    ...(rule !== undefined && { rule }),
    ...(winner !== undefined && { winner }),
    ...(at !== undefined && { at }),
  }
}
