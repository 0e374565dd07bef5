import { markIn } from '../../harness/core/mark.ts'
import { observePayload } from '../../harness/core/observe.ts'
import type { Tables } from '../../harness/core/ports/database.ts'
import type { ServerPorts } from '../../harness/core/server.ts'
import type { ConflictPolicy } from '../conflict/policy.ts'
import { addConflictRecord } from '../store/conflict-records.ts'
import type { Position, Store } from '../store/store.ts'
import type { CommitEvent, LoggedCommit, StoredRecord } from '../store/tables.ts'
import { purgedVersionOf, purgeTombstones } from '../store/tombstones.ts'
import { invalidContentReason } from './content.ts'
import { type Decision, decide, reject, type Write } from './decide.ts'
import { commitEvent, type Origin, outcomeEvent, type Payload } from './events.ts'
import { rememberKey, replayKey } from './key-memory.ts'
import type { WriteResult } from './write-result.ts'

/** The properties in which one server variant differs from another. */
export interface Traits {
  /**
   * The time for which an idempotency key's first result is kept, so that a retry has no second
   * effect. Scenario milliseconds; 0: not at all; Infinity: as long as the database exists.
   */
  readonly keyRetentionMs: number
  /** The shortest time for which a tombstone is kept, in scenario milliseconds. */
  readonly tombstoneRetentionMs: number
}

/**
 * Performs one write. Stores the record, the commit log entry, the conflict record and the result
 * for the key in one transaction.
 */
export type Writer = (write: Write, origin: Origin) => WriteResult

export function writer(
  store: Store,
  ports: ServerPorts,
  policy: ConflictPolicy,
  traits: Traits,
): Writer {
  const { clock, recorder } = ports
  return (write, origin) => {
    const invalid = write.content && invalidContentReason(write.content)
    const payload = invalid === undefined ? observePayload(write.content) : markOnly(write)
    const wall = clock.wall()
    const position = store.next(wall)
    let commit: CommitEvent | undefined
    let isReplay = false
    const result = store.database.transaction((tables) => {
      const first = replayKey(tables, write, clock.now() - traits.keyRetentionMs)
      if (first) {
        isReplay = true
        return first
      }
      const head = tables.table<StoredRecord>('records').get([write.collection, write.record])
      const purgedVersion = purgedVersionOf(tables)
      const decision =
        invalid === undefined ? decide(write, head, policy, wall, purgedVersion) : reject(invalid)
      const version = (head?.version ?? purgedVersion) + 1
      const written =
        decision.outcome === 'applied'
          ? apply(tables, write, head, decision, { ...position, version })
          : refuse(tables, write, head, decision)
      if (decision.outcome === 'applied' && written.current) {
        commit = commitEvent(write, written, written.current, payload, store.epoch, origin)
        tables.table<LoggedCommit>('commits').put({ ...commit, at: position.at })
      }
      if (traits.keyRetentionMs > 0) rememberKey(tables, write, written, clock.now())
      ports.checkpoint('before-commit')
      return written
    })
    if (commit) {
      store.advanceTo(position)
      recorder.emit(commit)
    }
    recorder.emit(outcomeEvent(write, payload, result, origin))
    if (!isReplay) ports.checkpoint('after-commit')
    return result
  }

  function apply(
    tables: Tables,
    write: Write,
    head: StoredRecord | undefined,
    decision: Applied,
    { seq, at, version }: Position & { readonly version: number },
  ): WriteResult {
    const { collection, record, key, author, type } = write
    const content = decision.content ?? write.content
    const deleted = type === 'delete'
    const current: StoredRecord = {
      collection,
      record,
      name: nameOf(write, head),
      version,
      deleted,
      stamp: decision.stamp,
      author,
      seq,
      place: type === 'create' ? seq : (head?.place ?? seq),
      ...(key !== undefined && { key }),
      ...(deleted ? { deletedAt: clock.now() } : { liveSeq: seq, ...(content && { content }) }),
      ...(!deleted && collection === 'messages' && { sentAt: head?.sentAt ?? at }),
    }
    tables.table<StoredRecord>('records').put(current)
    if (deleted) purgeTombstones(tables, clock.now() - traits.tombstoneRetentionMs)
    const loser = decision.headLoses ? head : undefined
    if (loser) addConflictRecord(tables, { ...loser, rule: decision.rule ?? policy.name })
    return {
      outcome: 'applied',
      name: current.name,
      // The writer's base is all that is known of a purged version.
      head: head?.version ?? write.base,
      current,
      at,
      ...(decision.rule !== undefined && { rule: decision.rule }),
      ...(loser?.key !== undefined && { loser: loser.key }),
    }
  }
}

type Applied = Extract<Decision, { outcome: 'applied' }>

function refuse(
  tables: Tables,
  write: Write,
  head: StoredRecord | undefined,
  { outcome, rule }: Exclude<Decision, Applied>,
): WriteResult {
  const name = nameOf(write, head)
  if (outcome === 'conflict') addConflictRecord(tables, { ...write, name, rule })
  return {
    outcome,
    name,
    head: head?.version ?? 0,
    rule,
    ...(head && { current: head }),
    ...(outcome === 'conflict' && head?.key !== undefined && { winner: head.key }),
  }
}

function nameOf({ content, record }: Write, head: StoredRecord | undefined): string {
  return markIn(content)?.record ?? head?.name ?? record
}

/** Returns the payload to report for invalid content: only the operation of its marker. */
function markOnly({ content }: Write): Payload {
  const opId = markIn(content)?.opId
  return opId === undefined ? {} : { opId }
}
