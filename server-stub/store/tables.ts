import type { Content } from '../../harness/core/action.ts'
import type { ServerEvent } from '../../harness/core/event.ts'
import type { Schema } from '../../harness/core/ports/database.ts'
import type { RecordState } from '../protocol/item.ts'

export type CommitEvent = Extract<ServerEvent, { type: 'serverCommit' }>

/** The current version of a record; a tombstone once it is deleted. */
export type StoredRecord = {
  readonly collection: string
  readonly record: string
  /** Its name in the history: from its content's marker, or its id. Kept after deletion. */
  readonly name: string
  readonly version: number
  readonly deleted: boolean
  readonly content?: Content
  /** The idempotency key of the write that made this version. */
  readonly key?: string
  readonly stamp: string
  readonly author: string
  readonly seq: number
  /** The same as `seq`, but absent for a tombstone: the key of an index of the live records. */
  readonly liveSeq?: number
  /** Scenario milliseconds of the deletion. */
  readonly deletedAt?: number
  /** Server timestamp of a live message's creation. */
  readonly sentAt?: number
}

/**
 * An entry of the commit log: the event that was, or should have been, recorded as serverCommit.
 * `at` is its server timestamp.
 */
export type LoggedCommit = CommitEvent & { readonly at: number }

/** The result of the first write with this key. */
export type RememberedKey = {
  readonly key: string
  readonly collection: string
  readonly record: string
  readonly outcome: 'applied' | 'conflict' | 'rejected'
  /** Scenario milliseconds. */
  readonly storedAt: number
  readonly rule?: string
  readonly winner?: string
  /** Server timestamp of the commit, if applied. */
  readonly at?: number
}

/** A losing write with its content. Numbered in the order in which the writes lost. */
export type ConflictRecord = {
  readonly number: number
  readonly collection: string
  readonly record: string
  readonly name: string
  readonly key?: string
  readonly content?: Content
  readonly author: string
  readonly stamp: string
  readonly rule: string
}

export type Meta = {
  readonly name: 'epoch' | 'horizon' | 'purgedVersion'
  readonly value: string | number
}

export const schema = {
  records: {
    key: ['collection', 'record'],
    indexes: { seq: ['seq'], live: ['liveSeq'], deleted: ['deletedAt'], sent: ['sentAt'] },
  },
  commits: { key: 'position' },
  keys: { key: 'key' },
  conflicts: { key: 'number' },
  meta: { key: 'name' },
} as const satisfies Schema

/** A record in the form of the protocol. */
export function stateOf({
  collection,
  record,
  version,
  deleted,
  content,
  key,
  stamp,
  author,
  seq,
}: StoredRecord): RecordState {
  return {
    collection,
    record,
    version,
    deleted,
    ...(content && { content }),
    ...(key !== undefined && { key }),
    stamp,
    author,
    seq,
  }
}
