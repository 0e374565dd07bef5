import type { Content } from '../../harness/core/action.ts'
import type { StoredRecord } from '../store/tables.ts'

/** A write that was made on an outdated version. */
interface Clash {
  readonly write: {
    readonly type: 'create' | 'update' | 'delete'
    readonly base: number
    /** Absent for a deletion. */
    readonly content?: Content
    /** The stamp as sent, but clamped if it lies in the future. */
    readonly stamp: string
    readonly author: string
  }
  /** The current version. */
  readonly head: StoredRecord
}

/**
 * - `applied`: the write becomes the next version. `content`, if present, is stored instead of the
 *   write's own content (a merge). `headLoses` is true if the current version loses.
 * - `conflict`: the write loses and nothing changes.
 *
 * `rule` is the reason, for a person to read.
 */
type PolicyDecision =
  | {
      readonly outcome: 'applied'
      readonly rule: string
      readonly headLoses: boolean
      readonly content?: Content
    }
  | { readonly outcome: 'conflict'; readonly rule: string }

/**
 * Decides which of two clashing writes wins. Pure: the same clash has the same decision.
 *
 * @example
 * export const serverWins: ConflictPolicy = {
 *   name: 'server-wins',
 *   decide: () => ({ outcome: 'conflict', rule: 'server-wins: made on an older version' }),
 * }
 */
export interface ConflictPolicy {
  /** The name that a scenario gives as `policy`. */
  readonly name: string
  decide(clash: Clash): PolicyDecision
}
