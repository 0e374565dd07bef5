import type { Tables } from '../../harness/core/ports/database.ts'
import type { Meta, StoredRecord } from './tables.ts'

/**
 * Forgets the tombstones buried at or before `cutoff` (scenario milliseconds). A cursor below the last of them may have missed a deletion
 * for good: such a cursor is told to resync.
 */
export function purgeTombstones(tables: Tables, cutoff: number): void {
  const records = tables.table<StoredRecord>('records')
  const before = horizonOf(tables)
  let horizon = before
  for (const grave of records.by('buried')) {
    if (grave.buriedAt === undefined || grave.buriedAt > cutoff) break
    records.delete([grave.collection, grave.record])
    horizon = Math.max(horizon, grave.seq)
  }
  if (horizon > before) tables.table<Meta>('meta').put({ name: 'horizon', value: horizon })
}

/** The highest sequence number of a purged tombstone; 0 when none was. */
export function horizonOf(tables: Tables): number {
  return Number(tables.table<Meta>('meta').get('horizon')?.value ?? 0)
}
