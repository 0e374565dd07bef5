import type { EventOf } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { describeOperation } from '../../core/operation.ts'
import { distinctCommits } from './effects.ts'
import { recordName } from './record-name.ts'

type Commit = EventOf<'serverCommit'>

/** The fields of a server event that identify the write's origin. */
interface ServerWrite {
  readonly opId?: string | undefined
  readonly key?: string | undefined
  readonly write?: string
}

/** The distinct commits of each record in each epoch, in the server's order. */
export function commitsPerRecord(history: History): Commit[][] {
  const byRecord = groupBy(
    history.of('serverCommit'),
    (commit) => `${commit.epoch} ${recordName(commit)}`,
  )
  return [...byRecord.values()].map((commits) =>
    distinctCommits([...commits].sort((a, b) => a.position - b.position)),
  )
}

/**
 * Returns true if the server knew no earlier version of the commit's record: its tombstone was
 * purged, or a server without idempotency keys made a second record with the same marker. So the
 * record begins a new life, and nothing that came before can clash with it.
 */
export const beginsNewLife = ({ write, head }: Commit) => write === 'create' && head === 0

/** The operation that a commit or an outcome belongs to, by its marker or its key. */
export function opOf(history: History, { opId, key }: ServerWrite): string | undefined {
  return opId ?? (key === undefined ? undefined : history.operationOfKey(key)?.opId)
}

/** The operations that these events belong to, each once. Skips undefined. */
export function opsOf(history: History, ...events: readonly (ServerWrite | undefined)[]): string[] {
  return [...new Set(events.flatMap((event) => (event ? (opOf(history, event) ?? []) : [])))]
}

/**
 * Describes a write: "ana's edit of note n1 'x' (ana-2)", or by its marker if it has no operation.
 */
export function describeWriter(history: History, event: ServerWrite): string {
  const opId = opOf(history, event)
  const operation = history.operation(opId)
  if (operation) return describeOperation(operation)
  return `a ${event.write ?? 'write'} nobody here made (${opId ?? event.key ?? 'unmarked'})`
}
