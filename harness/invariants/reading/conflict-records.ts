import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'

/** Returns true if the server was read and keeps a record of a conflict that the write lost. */
export function isRecordedConflict({ serverState }: History, { opId, keys }: Operation): boolean {
  const records = serverState?.conflicts ?? []
  return records.some(
    (record) => record.opId === opId || (record.key !== undefined && keys.includes(record.key)),
  )
}
