import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { Device } from './device.ts'
import type { Unit } from './ledger.ts'
import { recordOf } from './records.ts'
import type { OutboxRow } from './schema.ts'

/** The ways in which a write ends. Each runs inside the transaction that learnt of it, with the confirmed base already taken over. */

/** It took effect. `current` is the record as it now stands, which may be somebody else's later version. */
export function committed(
  unit: Unit,
  device: Device,
  entry: OutboxRow,
  outcome: 'applied' | 'duplicate',
  current: RecordState | undefined,
): void {
  const version = current?.key === entry.key ? current.version : undefined
  unit.outbox.delete(entry.seq)
  for (const other of siblings(unit, entry)) {
    if (other.state === 'failed' && other.seq < entry.seq)
      unit.outbox.put({ ...other, superseded: 1 })
    // Only our own version is what the person saw when they wrote on. Somebody else's later one they have not seen: that is a conflict, for the policy.
    else if (other.state === 'pending' && other.seq > entry.seq && version !== undefined)
      unit.outbox.put({ ...other, base: version })
  }
  unit.record({
    type: 'ackApplied',
    key: entry.key,
    rev: entry.rev,
    outcome,
    ...(version !== undefined && { version }),
    cleared: true,
  })
  unit.settle(entry.op, { outcome: 'acked' })
  if (entry.cancelled && !current?.deleted)
    compensate(unit, device, entry, entry.cancelled, version)
}

/** It lost to another write. The confirmed base is what stands; the losing content stays within the person's reach. */
export function lost(unit: Unit, entry: OutboxRow, rule: string): void {
  unit.outbox.delete(entry.seq)
  if (entry.content && !entry.cancelled) {
    const { seq, key, collection, record, content } = entry
    unit.conflicts.put({ seq, key, collection, record, content, rule })
  }
  unit.record({
    type: 'ackApplied',
    key: entry.key,
    rev: entry.rev,
    outcome: 'conflict',
    cleared: true,
  })
  unit.settle(entry.op, { outcome: 'conflict', reason: rule })
}

/** It will never be taken. It is parked with its content where the person sees it, unless they had taken it back anyway. */
export function rejected(unit: Unit, entry: OutboxRow, reason: string): void {
  if (entry.cancelled) unit.outbox.delete(entry.seq)
  else unit.outbox.put({ ...entry, state: 'failed', reason })
  unit.record({
    type: 'ackApplied',
    key: entry.key,
    rev: entry.rev,
    outcome: 'rejected',
    cleared: true,
  })
  unit.settle(entry.op, { outcome: 'rejected', reason })
}

/** The other writes of the outbox to the same record, in local order. */
export function siblings(
  { outbox }: Pick<Unit, 'outbox'>,
  { collection, record, seq }: OutboxRow,
): OutboxRow[] {
  return outbox.by('record', { prefix: [collection, record] }).filter((other) => other.seq !== seq)
}

/** What was taken back has arrived after all: it is deleted. A write of its own, minted only now that there is something to delete. */
function compensate(
  unit: Unit,
  device: Device,
  entry: OutboxRow,
  { op, stamp }: { readonly op: string; readonly stamp: string },
  version: number | undefined,
): void {
  const { collection, record, conversation } = entry
  const row = recordOf(unit, collection, record)
  const undo: OutboxRow = {
    seq: device.next(unit),
    key: device.key(),
    op,
    type: 'delete',
    collection,
    record,
    ...(conversation !== undefined && { conversation }),
    rev: row.rev + 1,
    base: version ?? entry.base,
    stamp,
    state: 'pending',
    attempts: 0,
    exposed: 0,
  }
  unit.records.put({ ...row, rev: undo.rev })
  unit.outbox.put(undo)
  unit.record({
    type: 'localCommit',
    op,
    key: undo.key,
    write: 'delete',
    collection,
    record,
    rev: undo.rev,
    base: undo.base,
    stamp,
  })
}
