import type { Content } from '../../harness/core/action.ts'
import type { ServerEvent } from '../../harness/core/event.ts'
import type { Schema } from '../../harness/core/ports/database.ts'
import type { RecordState } from '../protocol/item.ts'

export type CommitEvent = Extract<ServerEvent, { type: 'serverCommit' }>

/** A record's newest version; a tombstone once deleted. */
export type StoredRecord = {
  readonly collection: string
  readonly record: string
  /** What the history calls it: the name in its content's marker, else its own id. Outlives the content. */
  readonly name: string
  readonly version: number
  readonly deleted: boolean
  readonly content?: Content
  /** The idempotency key of the write that made this version. */
  readonly key?: string
  readonly stamp: string
  readonly author: string
  readonly seq: number
  /** `seq` again, while it lives: an index without the tombstones. */
  readonly liveSeq?: number
  /** Scenario milliseconds of the deletion. */
  readonly buriedAt?: number
  /** Server timestamp of a live message's creation. */
  readonly sentAt?: number
}

/** The commit log: what was, or should have been, recorded as a serverCommit. `at` is the server's timestamp of it. */
export type LoggedCommit = CommitEvent & { readonly at: number }

/** What became of the first write that carried this key. */
export type RememberedKey = {
  readonly key: string
  readonly collection: string
  readonly record: string
  readonly outcome: 'applied' | 'conflict' | 'rejected'
  readonly rule?: string
  readonly winner?: string
  /** Server timestamp of the commit, when applied. */
  readonly at?: number
}

/** A write that lost, with its content. Numbered in the order of losing. */
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

export type Meta = { readonly name: 'epoch' | 'horizon'; readonly value: string | number }

export const schema = {
  records: {
    key: ['collection', 'record'],
    indexes: { seq: ['seq'], live: ['liveSeq'], buried: ['buriedAt'], sent: ['sentAt'] },
  },
  commits: { key: 'position' },
  keys: { key: 'key' },
  conflicts: { key: 'number' },
  meta: { key: 'name' },
} as const satisfies Schema

/** A record as the protocol shows it. */
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
