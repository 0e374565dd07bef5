import { markIn } from '../../harness/core/mark.ts'
import { observePayload } from '../../harness/core/observe.ts'
import type { Tables } from '../../harness/core/ports/database.ts'
import type { ServerPorts } from '../../harness/core/server.ts'
import type { ConflictPolicy } from '../conflict/policy.ts'
import { keepLoser } from '../store/losers.ts'
import type { Position, Store } from '../store/store.ts'
import type { CommitEvent, LoggedCommit, StoredRecord } from '../store/tables.ts'
import { purgeTombstones } from '../store/tombstones.ts'
import { contentFlaw } from './content.ts'
import type { Ended } from './ended.ts'
import { commitEvent, type Origin, outcomeEvent, type Payload } from './events.ts'
import { type Judgement, judge, rejected, type Write } from './judge.ts'
import { rememberKey, replayKey } from './key-memory.ts'

/** What makes one server differ from another. */
export interface Traits {
  /** A key's first outcome is kept with the write, so that a second attempt has no second effect. */
  readonly remembersKeys: boolean
  /** How long a tombstone is kept at least, in scenario milliseconds. */
  readonly retention: number
}

/** Carries out one write: record, commit log, conflict record and the memory of its key in one transaction. */
export type Writer = (write: Write, origin: Origin) => Ended

export function writer(
  store: Store,
  ports: ServerPorts,
  policy: ConflictPolicy,
  traits: Traits,
): Writer {
  const { clock, recorder } = ports
  return (write, origin) => {
    const flaw = write.content && contentFlaw(write.content)
    const payload = flaw === undefined ? observePayload(write.content) : markOnly(write)
    const wall = clock.wall()
    const position = store.next(wall)
    let commit: CommitEvent | undefined
    let replayed = false
    const ended = store.database.transaction((tables) => {
      const before = traits.remembersKeys ? replayKey(tables, write) : undefined
      if (before) {
        replayed = true
        return before
      }
      const head = tables.table<StoredRecord>('records').get([write.collection, write.record])
      const judged = flaw === undefined ? judge(write, head, policy, wall) : rejected(flaw)
      const done =
        judged.outcome === 'applied'
          ? apply(tables, write, head, judged, position)
          : refuse(tables, write, head, judged)
      if (judged.outcome === 'applied' && done.current) {
        commit = commitEvent(write, done.current, payload, store.epoch, origin)
        tables.table<LoggedCommit>('commits').put({ ...commit, at: position.at })
      }
      if (traits.remembersKeys) rememberKey(tables, write, done)
      ports.checkpoint('before-commit')
      return done
    })
    if (commit) {
      store.moveTo(position)
      recorder.emit(commit)
    }
    recorder.emit(outcomeEvent(write, payload, ended, origin))
    if (!replayed) ports.checkpoint('after-commit')
    return ended
  }

  function apply(
    tables: Tables,
    write: Write,
    head: StoredRecord | undefined,
    judged: Applied,
    { seq, at }: Position,
  ): Ended {
    const { collection, record, key, author, type } = write
    const content = judged.content ?? write.content
    const deleted = type === 'delete'
    const current: StoredRecord = {
      collection,
      record,
      name: nameOf(write, head),
      version: (head?.version ?? 0) + 1,
      deleted,
      stamp: judged.stamp,
      author,
      seq,
      ...(key !== undefined && { key }),
      ...(deleted ? { buriedAt: clock.now() } : { liveSeq: seq, ...(content && { content }) }),
      ...(!deleted && collection === 'messages' && { sentAt: head?.sentAt ?? at }),
    }
    tables.table<StoredRecord>('records').put(current)
    if (deleted) purgeTombstones(tables, clock.now() - traits.retention)
    const loser = judged.headLoses ? head : undefined
    if (loser) keepLoser(tables, { ...loser, rule: judged.rule ?? policy.name })
    return {
      outcome: 'applied',
      name: current.name,
      head: current.version - 1,
      current,
      at,
      ...(judged.rule !== undefined && { rule: judged.rule }),
      ...(loser?.key !== undefined && { loser: loser.key }),
    }
  }
}

type Applied = Extract<Judgement, { outcome: 'applied' }>

function refuse(
  tables: Tables,
  write: Write,
  head: StoredRecord | undefined,
  { outcome, rule }: Exclude<Judgement, Applied>,
): Ended {
  const name = nameOf(write, head)
  if (outcome === 'conflict') keepLoser(tables, { ...write, name, rule })
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

/** All that can safely be told of a content that will not be kept. */
function markOnly({ content }: Write): Payload {
  const op = markIn(content)?.op
  return op === undefined ? {} : { op }
}
