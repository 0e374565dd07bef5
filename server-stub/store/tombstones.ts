import type { Tables } from '../../harness/core/ports/database.ts'
import type { Meta, StoredRecord } from './tables.ts'

/**
 * Deletes the tombstones made at or before `cutoff` (scenario milliseconds) and raises the purge
 * horizon. A cursor below the horizon may have missed a deletion: its client must resync.
 */
export function purgeTombstones(tables: Tables, cutoff: number): void {
  const records = tables.table<StoredRecord>('records')
  const before = horizonOf(tables)
  let horizon = before
  for (const tombstone of records.by('deleted')) {
    if (tombstone.deletedAt === undefined || tombstone.deletedAt > cutoff) break
    records.delete([tombstone.collection, tombstone.record])
    horizon = Math.max(horizon, tombstone.seq)
  }
  if (horizon > before) tables.table<Meta>('meta').put({ name: 'horizon', value: horizon })
}

/** The purge horizon: the highest sequence number of a purged tombstone; 0 without any. */
export function horizonOf(tables: Tables): number {
  return Number(tables.table<Meta>('meta').get('horizon')?.value ?? 0)
}
