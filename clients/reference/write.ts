import type { Action, WriteAction } from '../../harness/core/action.ts'
import { payloadHash } from '../../harness/core/hash.ts'
import type { Device } from './device.ts'
import type { Unit } from './ledger.ts'
import { recordOf } from './records.ts'
import type { OutboxRow } from './schema.ts'
import { shown } from './shown.ts'

/** Why an action cannot be taken; undefined when it was. */
export type Refusal = string | undefined

/** A person's write: the row's overlay is its outbox entry, so one line in one transaction is both what is shown and what is owed. */
export function write(unit: Unit, device: Device, action: WriteAction): Refusal {
  const { type, op, collection, record } = action
  const row = recordOf(unit, collection, record)
  const entries = unit.outbox.by('record', { prefix: [collection, record] })
  const before = shown(row, entries)
  if (type === 'create' && before) return `there is ${record} already`
  if (type !== 'create' && !before) return `there is no ${record} here`
  if (entries.some((entry) => entry.cancelled)) return `${record} is being taken back`
  if (type === 'delete' && !row.confirmed && entries.every((entry) => entry.state === 'failed'))
    return `${record} was never sent: discard it instead`

  const content = type === 'delete' ? undefined : action.content
  const conversation = conversationOf(collection, content ?? before?.content)
  // What the person saw may already be a write of their own that is still pending: then this one stands on the same version as that one, until it is confirmed.
  const below = entries.findLast((entry) => !entry.superseded)
  const entry: OutboxRow = {
    seq: device.next(unit),
    key: device.key(),
    op,
    type,
    collection,
    record,
    ...(conversation !== undefined && { conversation }),
    rev: row.rev + 1,
    base: below?.base ?? row.confirmed?.version ?? 0,
    stamp: device.stamp(unit),
    ...(content && { content }),
    state: 'pending',
    attempts: 0,
    exposed: 0,
  }
  unit.outbox.put(entry)
  unit.records.put({ ...row, rev: entry.rev })
  const { key, rev, base, stamp } = entry
  unit.record({
    type: 'localCommit',
    op,
    key,
    write: type,
    collection,
    record,
    rev,
    base,
    stamp,
    ...(content && { hash: payloadHash(content) }),
  })
  return undefined
}

/** Takes back a write. One that no server can have seen is gone at once; one that may have been sent is deleted when it is known to have arrived. */
export function cancel(
  unit: Unit,
  device: Device,
  { op, target }: Extract<Action, { type: 'cancel' }>,
): Refusal {
  const entry = unit.outbox.by('op', { prefix: target }).at(0)
  if (!entry) return `${target} has been sent already`
  if (entry.cancelled) return `${target} is being taken back`
  const after = unit.outbox
    .by('record', { prefix: [entry.collection, entry.record] })
    .filter((other) => other.seq > entry.seq)
  if (entry.state === 'failed' || entry.exposed === 0) unit.outbox.delete(entry.seq)
  else if (entry.type !== 'create') return `${target} may have been sent already`
  else unit.outbox.put({ ...entry, cancelled: { op, stamp: device.stamp(unit) } })
  // Edits of a message that is taken back go with it. They wait for it, so no server has seen them.
  if (entry.type === 'create') for (const edit of after) unit.outbox.delete(edit.seq)
  return undefined
}

function conversationOf(
  collection: string,
  content: Record<string, unknown> | undefined,
): string | undefined {
  const conversation = content?.conversation
  return collection === 'messages' && typeof conversation === 'string' ? conversation : undefined
}
