import type { ServerEvent } from '../../harness/core/event.ts'
import type { observePayload } from '../../harness/core/observe.ts'
import type { CommitEvent, StoredRecord } from '../store/tables.ts'
import type { Write } from './decide.ts'
import type { WriteResult } from './write-result.ts'

export type Payload = ReturnType<typeof observePayload>

/** The interface and the request through which a write arrived. */
export interface Origin {
  /** The request's id in the history. */
  readonly requestId?: string | undefined
  /** True if the interface transports versions and stamps. Only then do events contain them. */
  readonly versioned: boolean
}

export function commitEvent(
  write: Write,
  { head }: Pick<WriteResult, 'head'>,
  current: StoredRecord,
  payload: Payload,
  epoch: string,
  { versioned }: Origin,
): CommitEvent {
  const { collection, name: record, version, seq, stamp, author } = current
  return {
    type: 'serverCommit',
    position: seq,
    epoch,
    write: write.type,
    collection,
    record,
    version,
    head,
    author,
    ...(write.key !== undefined && { key: write.key }),
    ...(versioned && { base: write.base, stamp }),
    ...payload,
  }
}

export function outcomeEvent(
  write: Write,
  payload: Payload,
  { outcome, head, name, winner, loser, rule }: WriteResult,
  { requestId, versioned }: Origin,
): Extract<ServerEvent, { type: 'serverOutcome' }> {
  return {
    type: 'serverOutcome',
    write: write.type,
    collection: write.collection,
    record: name,
    outcome,
    head,
    author: write.author,
    ...(requestId !== undefined && { requestId }),
    ...(write.key !== undefined && { key: write.key }),
    ...(versioned && { base: write.base, stamp: write.stamp }),
    ...payload,
    ...(winner !== undefined && { winner }),
    ...(loser !== undefined && { loser }),
    ...(rule !== undefined && { rule }),
  }
}
