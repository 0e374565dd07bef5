import type { Tables } from '../../harness/core/ports/database.ts'
import type { Meta, StoredRecord } from './tables.ts'

/**
 * Deletes the tombstones made at or before `cutoff` (scenario milliseconds). Raises the purge
 * horizon: a cursor below it may have missed a deletion, so its client must resync. Raises the
 * purged version too: a record that is created again must not repeat a version of its first life.
 * Two numbers for all records, so a purge frees memory.
 */
export function purgeTombstones(tables: Tables, cutoff: number): void {
  const records = tables.table<StoredRecord>('records')
  const before = horizonOf(tables)
  let horizon = before
  let version = purgedVersionOf(tables)
  for (const tombstone of records.by('deleted')) {
    if (tombstone.deletedAt === undefined || tombstone.deletedAt > cutoff) break
    records.delete([tombstone.collection, tombstone.record])
    horizon = Math.max(horizon, tombstone.seq)
    version = Math.max(version, tombstone.version)
  }
  if (horizon === before) return
  const meta = tables.table<Meta>('meta')
  meta.put({ name: 'horizon', value: horizon })
  meta.put({ name: 'purgedVersion', value: version })
}

/** The purge horizon: the highest sequence number of a purged tombstone; 0 without any. */
export function horizonOf(tables: Tables): number {
  return numberIn(tables, 'horizon')
}

/** The highest version of all purged tombstones: new records begin after it. 0 without any. */
export function purgedVersionOf(tables: Tables): number {
  return numberIn(tables, 'purgedVersion')
}

function numberIn(tables: Tables, name: Meta['name']): number {
  return Number(tables.table<Meta>('meta').get(name)?.value ?? 0)
}
