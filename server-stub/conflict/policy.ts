import type { Content } from '../../harness/core/action.ts'
import type { StoredRecord } from '../store/tables.ts'

/** A write that was made on another version than the newest. */
interface Clash {
  readonly write: {
    readonly type: 'create' | 'update' | 'delete'
    readonly base: number
    /** Absent for a delete. */
    readonly content?: Content
    /** The effective stamp: what was sent, the future clamped. */
    readonly stamp: string
    readonly author: string
  }
  readonly head: StoredRecord
}

/**
 * applied: the write becomes the next version. With `content` that is stored instead of what was sent: a merge, in which nobody loses unless
 * `headLoses` says so. conflict: nothing changes and the write has lost. `rule` says why in plain words.
 */
type Decision =
  | {
      readonly outcome: 'applied'
      readonly rule: string
      readonly headLoses: boolean
      readonly content?: Content
    }
  | { readonly outcome: 'conflict'; readonly rule: string }

/** How two writes to one record are settled. Pure: the same clash, the same decision. */
export interface ConflictPolicy {
  /** As in a scenario's `policy`. */
  readonly name: string
  decide(clash: Clash): Decision
}
