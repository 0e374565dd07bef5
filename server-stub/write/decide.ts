import type { Content } from '../../harness/core/action.ts'
import type { ConflictPolicy } from '../conflict/policy.ts'
import type { StoredRecord } from '../store/tables.ts'
import { effectiveStamp, successorStamp } from './effective-stamp.ts'

/** A write as it arrived, by push or by REST. */
export interface Write {
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The idempotency key, if the writer uses one. */
  readonly key?: string
  /** Absent for a deletion. */
  readonly content?: Content
  /** The version the write was made on; 0 for none. */
  readonly base: number
  readonly stamp: string
  readonly author: string
}

export type Decision =
  | {
      readonly outcome: 'applied'
      /** The stamp to store. */
      readonly stamp: string
      /** A merged content to store instead of the write's own. */
      readonly content?: Content
      /** True if the current version loses to this write. */
      readonly headLoses: boolean
      readonly rule?: string
    }
  | { readonly outcome: 'conflict' | 'rejected'; readonly rule: string }

/**
 * Decides on a write, given the current version of its record. Pure. `wall` is the server's
 * wall-clock time. `purgedVersion` is the highest version that a purged record may have had: the
 * one who deleted a record may create it again, although nothing of it is left here.
 */
export function decide(
  write: Write,
  head: StoredRecord | undefined,
  policy: ConflictPolicy,
  wall: number,
  purgedVersion = 0,
): Decision {
  const stamp = effectiveStamp(write.stamp, wall)
  if (stamp === undefined) return reject('stamp is not a hybrid logical clock stamp')
  if (!head) {
    if (write.type !== 'create') return reject('unknown record')
    return write.base <= purgedVersion
      ? { outcome: 'applied', stamp, headLoses: false }
      : reject('base is a version the server never had')
  }
  if (write.base > head.version) return reject('base is a version the server never had')
  if (write.type === 'delete' && head.deleted)
    return { outcome: 'conflict', rule: 'already deleted' }
  if (write.base !== head.version) return resolve(write, stamp, head, policy)
  if (head.deleted && write.type === 'update') return reject('record is deleted')
  if (!head.deleted && write.type === 'create') return reject('record exists')
  return { outcome: 'applied', stamp: successorStamp(stamp, head.stamp), headLoses: false }
}

export function reject(rule: string): Decision {
  return { outcome: 'rejected', rule }
}

/** Decides a clash by the policy. */
function resolve(
  write: Write,
  stamp: string,
  head: StoredRecord,
  policy: ConflictPolicy,
): Decision {
  const decision = policy.decide({ write: { ...write, stamp }, head })
  if (decision.outcome === 'conflict') return decision
  // A policy may apply a write with an earlier stamp, but stamps must rise with the versions.
  return { ...decision, stamp: stamp > head.stamp ? stamp : successorStamp(stamp, head.stamp) }
}
