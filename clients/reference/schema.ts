/**
 * The tables of the reference client. They contain everything that must survive a kill; anything
 * else may be lost at any instruction.
 *
 * @module
 */
import type { Content } from '../../harness/core/action.ts'
import type { Schema } from '../../harness/core/ports/database.ts'

export const SCHEMA = {
  records: { key: ['collection', 'record'] },
  outbox: {
    key: 'seq',
    indexes: { key: ['key'], opId: ['opId'], record: ['collection', 'record'], state: ['state'] },
  },
  conflicts: { key: 'seq' },
  quarantine: { key: ['after', 'index'], indexes: { record: ['collection', 'record'] } },
  meta: { key: 'name' },
} as const satisfies Schema

/** A record that this device has written or pulled. The outbox holds the pending writes to it. */
export type RecordRow = {
  readonly collection: string
  readonly record: string
  /** The revision of the latest local write: the number of local writes so far. */
  readonly rev: number
  /** The state that the server reported last. Absent if it has not confirmed the record. */
  readonly confirmed?: ConfirmedState
  /**
   * This device's write that made the confirmed version, without its content. It is sent again,
   * with its own key, if the server loses that version.
   */
  readonly acknowledged?: OutboxRow
}

export type ConfirmedState = {
  readonly version: number
  readonly deleted: boolean
  readonly content?: Content
  /** The key of the write that made this version. */
  readonly key?: string
  /** The server's epoch: commits can be compared only within one. Empty if the server lost it. */
  readonly epoch: string
  /** The resync that last contained the record. A complete newer one without it deletes it. */
  readonly round: number
  /** The commit sequence number of this version. */
  readonly seq: number
  /** The commit sequence number that made the record known here: its place on the screen. */
  readonly place: number
}

/** A write that is not acknowledged yet. It keeps its idempotency key and is never merged. */
export type OutboxRow = {
  /** The order of writes on this device. */
  readonly seq: number
  /** The idempotency key. */
  readonly key: string
  readonly opId: string
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The conversation of a message. Messages of one conversation keep their order. */
  readonly conversation?: string
  readonly rev: number
  /**
   * The server's version of the record that the user saw. Raised when an earlier write of this
   * device to the record is acknowledged.
   */
  readonly base: number
  /** Stamp of the hybrid logical clock. */
  readonly stamp: string
  readonly content?: Content
  /** `failed` if the server rejected it: kept with its content, but not retried. */
  readonly state: 'pending' | 'failed'
  /** Requests sent with this write. */
  readonly attempts: number
  /** 1 once a request with this write may have reached the server. */
  readonly exposed: 0 | 1
  /** The server's reason for a failed write. */
  readonly reason?: string
  /** 1 on a failed write if a later write to the record took effect: kept, but not shown. */
  readonly superseded?: 0 | 1
  /** Set if cancelled when it may have been sent: to delete its record once it has arrived. */
  readonly cancelled?: { readonly opId: string; readonly stamp: string }
}

/** A write that lost a conflict under the server's policy. */
export type ConflictRow = {
  readonly seq: number
  readonly key: string
  readonly collection: string
  readonly record: string
  readonly content: Content
  readonly rule: string
}

/**
 * A row of a page of changes that could not be read. It did not stop the rest of the page. While
 * there is one, this device does not claim that everything is synced, and reads its page again.
 */
export type QuarantineRow = {
  /** The cursor with which its page was requested, and its index there. */
  readonly after: number
  readonly index: number
  /** The record, if at least its names could be read. */
  readonly collection?: string
  readonly record?: string
}

/** The progress of pulling. `epoch` is empty before the first page. */
export type CursorRow = {
  readonly name: 'cursor'
  readonly epoch: string
  readonly cursor: number
  /** True if the last page reached the newest commit. */
  readonly complete: boolean
  /** True while a resync from the beginning is in progress. */
  readonly full: boolean
  /** The number of the current resync. */
  readonly round: number
}

/** The device's hybrid logical clock and its local sequence number. */
export type ClockRow = {
  readonly name: 'clock'
  readonly ms: number
  readonly counter: number
  readonly seq: number
}
