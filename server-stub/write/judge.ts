import type { Content } from '../../harness/core/action.ts'
import type { ConflictPolicy } from '../conflict/policy.ts'
import type { StoredRecord } from '../store/tables.ts'
import { effectiveStamp, successorStamp } from './stamp.ts'

/** A write as it came in, by whichever interface. */
export interface Write {
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The idempotency key, where the writer has one. */
  readonly key?: string
  /** Absent for a delete. */
  readonly content?: Content
  /** The version it was made on; 0 for none. */
  readonly base: number
  readonly stamp: string
  readonly author: string
}

export type Judgement =
  | {
      readonly outcome: 'applied'
      /** The stamp to store. */
      readonly stamp: string
      /** What to store instead of what was sent: a merge. */
      readonly content?: Content
      /** The write that stood until now has lost. */
      readonly headLoses: boolean
      readonly rule?: string
    }
  | { readonly outcome: 'conflict' | 'rejected'; readonly rule: string }

/** What becomes of a write, given the newest version. Pure; `wall` is the server's wall clock. */
export function judge(
  write: Write,
  head: StoredRecord | undefined,
  policy: ConflictPolicy,
  wall: number,
): Judgement {
  const stamp = effectiveStamp(write.stamp, wall)
  if (stamp === undefined) return rejected('stamp is not a hybrid logical clock stamp')
  if (!head) {
    if (write.type !== 'create') return rejected('unknown record')
    return write.base === 0
      ? { outcome: 'applied', stamp, headLoses: false }
      : rejected('base is a version the server never had')
  }
  if (write.base > head.version) return rejected('base is a version the server never had')
  if (write.type === 'delete' && head.deleted)
    return { outcome: 'conflict', rule: 'already deleted' }
  if (write.base !== head.version) return settle(write, stamp, head, policy)
  if (head.deleted && write.type === 'update') return rejected('record is deleted')
  if (!head.deleted && write.type === 'create') return rejected('record exists')
  return { outcome: 'applied', stamp: successorStamp(stamp, head.stamp), headLoses: false }
}

function settle(
  write: Write,
  stamp: string,
  head: StoredRecord,
  policy: ConflictPolicy,
): Judgement {
  const decision = policy.decide({ write: { ...write, stamp }, head })
  if (decision.outcome === 'conflict') return decision
  // A policy may let a write stand for another reason than its stamp; versions must still be stamped in order.
  return { ...decision, stamp: stamp > head.stamp ? stamp : successorStamp(stamp, head.stamp) }
}

export function rejected(rule: string): Judgement {
  return { outcome: 'rejected', rule }
}
