/**
 * Writes that the server had acknowledged and lost again, because it was restored from an older
 * state. Each device sends the lost versions that it made itself once more, with their original
 * keys: a server that still has one of them, or has deleted its record since, recognises the key,
 * and the conflict policy decides on the rest. What another device made is that device's to send.
 *
 * @module
 */
import type { Transaction } from './client-database.ts'
import type { ConfirmedState, OutboxRow, RecordRow } from './schema.ts'

/** Returns true if this version is not of this epoch: the server may have lost it. */
export function isLost({ epoch: known }: ConfirmedState, epoch: string): boolean {
  return known !== epoch
}

/**
 * Puts this device's write that made a lost version back into the outbox, at its old place. Does
 * nothing if another device made that version.
 *
 * @param type the kind of write that makes the version again, by what the server still has
 */
export function pushAgain(
  { outbox, emit }: Transaction,
  { acknowledged, confirmed }: RecordRow,
  type: OutboxRow['type'],
): void {
  if (!acknowledged || acknowledged.key !== confirmed?.key) return
  const { content } = confirmed
  outbox.put({ ...acknowledged, type, base: 0, ...(content && { content }) })
  emit({
    type: 'note',
    text: `the server lost ${acknowledged.record}: it is sent again with its first key`,
    opId: acknowledged.opId,
  })
}

/** Gives the pending writes to a record a new base: versions of an older epoch mean nothing. */
export function rebase(
  { outbox }: Transaction,
  { collection, record }: RecordRow,
  base: number,
): void {
  for (const entry of outbox.by('record', { prefix: [collection, record] }))
    if (entry.state === 'pending') outbox.put({ ...entry, base })
}

/** Returns the row with the write that made its confirmed version, if it was not cancelled. */
export function withAcknowledged(row: RecordRow, entry: OutboxRow): RecordRow {
  if (entry.cancelled) return row
  // The content is that of the confirmed version.
  const { content: _, reason: __, ...acknowledged } = entry
  return { ...row, acknowledged: { ...acknowledged, state: 'pending', exposed: 1 } }
}
