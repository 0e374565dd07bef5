import type { EventOf, OutboxEntry, ShownRow } from '../core/event.ts'
import type { WrittenRecords } from './written-records.ts'

/** Parses `ana-1 sent@2`: an operation, its status icon and the server version, both optional. */
export function parseRow(text: string, written: WrittenRecords): ShownRow {
  const [opId = '', status, version] = text.split(/[ @]/)
  return {
    ...written.record(opId),
    id: written.record(opId).record,
    ...written.payload(opId),
    ...(status && { status: status as NonNullable<ShownRow['status']> }),
    ...(version && { version: Number(version) }),
  }
}

/** Parses `ana-1 failed`: an operation and its state in the outbox, `pending` by default. */
export function parseEntry(text: string, written: WrittenRecords): OutboxEntry {
  const [opId = '', state = 'pending'] = text.split(/[ @]/)
  return {
    key: keyOf(opId),
    type: written.action(opId).type,
    ...written.record(opId),
    rev: written.revisionOf(opId),
    ...written.payload(opId),
    state: state as OutboxEntry['state'],
  }
}

/** Parses `m1@2`, or `-m1@2` for a deleted record: a row of a page of changes. */
export function parseChange(
  text: string,
  written: WrittenRecords,
): EventOf<'cursorSaved'>['rows'][number] {
  const [record = '', version] = text.replace(/^-/, '').split('@')
  return {
    collection: written.collectionOf(record),
    record,
    version: Number(version),
    deleted: text.startsWith('-'),
  }
}

/** Returns the default idempotency key of an operation: `k-ana-1` for `ana-1`. */
export const keyOf = (opId: string) => `k-${opId}`

/** Returns the device that invoked an operation: `ana` for `ana-1`. */
export const deviceOf = (opId: string) => opId.replace(/-\d+$/, '')
