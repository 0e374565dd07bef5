import type { Content } from '../../harness/core/action.ts'
import type { Schema } from '../../harness/core/ports/database.ts'

/** Everything that must survive a kill. What is not in these tables does not matter. */
export const SCHEMA = {
  records: { key: ['collection', 'record'] },
  outbox: {
    key: 'seq',
    indexes: { key: ['key'], op: ['op'], record: ['collection', 'record'], state: ['state'] },
  },
  conflicts: { key: 'seq' },
  meta: { key: 'name' },
} as const satisfies Schema

/** A record this device has written or seen: the confirmed base, on top of which the outbox lays what is pending. */
export type RecordRow = {
  readonly collection: string
  readonly record: string
  /** How many local writes it has had: the revision of the latest. */
  readonly rev: number
  /** As the server last told it. Absent for a record that it has not confirmed. */
  readonly confirmed?: Confirmed
}

export type Confirmed = {
  readonly version: number
  readonly deleted: boolean
  readonly content?: Content
  /** Versions count within one epoch only. */
  readonly epoch: string
  /** The resync that last saw it: what a complete newer one has not seen is gone. */
  readonly round: number
  /** The commit sequence number of this version. */
  readonly seq: number
  /** The one at which the record first became known here: its place on the screen, which an edit does not change. */
  readonly place: number
}

/** One write of the person's that has not ended: one idempotency key, one line, never folded into another. */
export type OutboxRow = {
  /** The device's own order of writes. */
  readonly seq: number
  readonly key: string
  readonly op: string
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The conversation of a message: messages of one keep their order. */
  readonly conversation?: string
  readonly rev: number
  /** The version of what the person saw when writing; moved on when a write of theirs before this one is confirmed. */
  readonly base: number
  readonly stamp: string
  readonly content?: Content
  readonly state: 'pending' | 'failed'
  readonly attempts: number
  /** 1 once a request with it may have reached the server. */
  readonly exposed: 0 | 1
  /** Why it failed. */
  readonly reason?: string
  /** 1 on a failed write after which a later one to the record succeeded: kept, but no longer on top. */
  readonly superseded?: 0 | 1
  /** The person took it back while it may have been on its way: it is deleted once it is known to have arrived. */
  readonly cancelled?: { readonly op: string; readonly stamp: string }
}

/** A write that lost to another under the server's policy. */
export type ConflictRow = {
  readonly seq: number
  readonly key: string
  readonly collection: string
  readonly record: string
  readonly content: Content
  readonly rule: string
}

/** How far the changes have been taken over. `epoch` is empty before the first page. */
export type CursorRow = {
  readonly name: 'cursor'
  readonly epoch: string
  readonly cursor: number
  readonly complete: boolean
  /** A resync from nothing is under way. */
  readonly full: boolean
  /** Numbers the resyncs. */
  readonly round: number
}

/** The device's hybrid logical clock and its local sequence. */
export type ClockRow = {
  readonly name: 'clock'
  readonly ms: number
  readonly counter: number
  readonly seq: number
}
