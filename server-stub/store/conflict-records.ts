import type { Tables } from '../../harness/core/ports/database.ts'
import type { ConflictRecord } from './tables.ts'

/** Stores a losing write with its content, so that no text is lost because of a conflict. */
export function addConflictRecord(tables: Tables, loser: Omit<ConflictRecord, 'number'>): void {
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
