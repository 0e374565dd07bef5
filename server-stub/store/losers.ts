import type { Tables } from '../../harness/core/ports/database.ts'
import type { ConflictRecord } from './tables.ts'

/** Keeps a write that lost: nobody's text vanishes because of a conflict. */
export function keepLoser(tables: Tables, loser: Omit<ConflictRecord, 'number'>): void {
  const conflicts = tables.table<ConflictRecord>('conflicts')
  const { collection, record, name, key, content, author, stamp, rule } = loser
  conflicts.put({
    number: conflicts.count() + 1,
    collection,
    record,
    name,
    author,
    stamp,
    rule,
    ...(key !== undefined && { key }),
    ...(content !== undefined && { content }),
  })
}
