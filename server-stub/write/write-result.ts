import type { StoredRecord } from '../store/tables.ts'

/** The result of one write. */
export interface WriteResult {
  readonly outcome: 'applied' | 'duplicate' | 'conflict' | 'rejected'
  /** The record's name in the history. */
  readonly name: string
  /** The version that was current when the write arrived. */
  readonly head: number
  /** The record after the write. */
  readonly current?: StoredRecord
  /** The rule that decided, in plain words. */
  readonly rule?: string
  /** For a conflict: the key of the write that won. */
  readonly winner?: string
  /** The key of the previously current write that lost to this one. */
  readonly loser?: string
  /** Server timestamp of the commit; for a duplicate, of the first one. */
  readonly at?: number
}
