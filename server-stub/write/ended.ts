import type { StoredRecord } from '../store/tables.ts'

/** What became of one write. */
export interface Ended {
  readonly outcome: 'applied' | 'duplicate' | 'conflict' | 'rejected'
  /** What the history calls the record. */
  readonly name: string
  /** The version that was the newest when the write came. */
  readonly head: number
  /** The record as it stands now. */
  readonly current?: StoredRecord
  /** Why, in plain words. */
  readonly rule?: string
  /** The key of the write that stands instead. */
  readonly winner?: string
  /** The key of the write that stood until now. */
  readonly loser?: string
  /** Server timestamp of the commit, of the first one for a duplicate. */
  readonly at?: number
}
