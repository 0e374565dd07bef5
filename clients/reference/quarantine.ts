/**
 * Rows of pages that could not be read. They stop neither the rest of their page nor later ones.
 * The device remembers them, does not claim that everything is synced, and reads their pages again.
 *
 * @module
 */
import type { ClientTables, Transaction } from './client-database.ts'
import type { UnreadRow } from './pull-response.ts'

/** Remembers the unread rows of the page that was requested with the cursor `after`. */
export function quarantine(
  { quarantine, emit }: Transaction,
  after: number,
  rows: readonly UnreadRow[],
): void {
  for (const { index, collection, record } of rows) {
    quarantine.put({ after, index, ...(record !== undefined && { collection, record }) })
    const name = record === undefined ? 'a row' : `the row of ${record}`
    emit({ type: 'note', text: `${name} after commit ${after} could not be read` })
  }
}

/** Returns the cursor of the oldest page with an unread row; undefined if there is none. */
export function oldestUnread({ quarantine }: ClientTables): number | undefined {
  return quarantine.all({ limit: 1 })[0]?.after
}

/** Forgets the unread rows of one page. `unnamed`: one of them did not even name its record. */
export function release(
  { quarantine, emit }: Transaction,
  after: number,
): { readonly unnamed: boolean } {
  const rows = quarantine.all({ prefix: after })
  for (const { index } of rows) quarantine.delete([after, index])
  emit({ type: 'note', text: `the page after commit ${after} was read again` })
  return { unnamed: rows.some(({ record }) => record === undefined) }
}

/** Forgets the unread rows about a record: a later page has its state. */
export function repair(
  { quarantine }: Transaction,
  { collection, record }: { readonly collection: string; readonly record: string },
): void {
  for (const { after, index } of quarantine.by('record', { prefix: [collection, record] }))
    quarantine.delete([after, index])
}
