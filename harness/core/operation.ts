import type { Action, WriteAction } from './action.ts'
import type { EventOf } from './event.ts'
import { withoutMark } from './mark.ts'
import type { RequestTrip } from './request-trip.ts'

/**
 * One thing a person did, with everything that came of it. Joined by the marker in the payload where there is one, else by the
 * idempotency key.
 */
export interface Operation {
  readonly op: string
  readonly device: string
  readonly user: string
  readonly action: Action
  readonly invoke: EventOf<'invoke'>
  readonly saved?: EventOf<'saved'>
  readonly refused?: EventOf<'refused'>
  readonly settled?: EventOf<'settled'>
  readonly localCommit?: EventOf<'localCommit'>
  /** Every idempotency key seen with it, each once, in order of appearance. */
  readonly keys: readonly string[]
  /** The requests that carried it. */
  readonly requests: readonly RequestTrip[]
  readonly outcomes: readonly EventOf<'serverOutcome'>[]
  /** Its effects on the server. */
  readonly commits: readonly EventOf<'serverCommit'>[]
  readonly acks: readonly EventOf<'ackApplied'>[]
  /** The device died before it said that it had taken the action: nobody can hold the client to it. */
  readonly cutOff: boolean
}

export const isWrite = (action: Action): action is WriteAction =>
  action.type === 'create' || action.type === 'update' || action.type === 'delete'

/** The client owes the person this write: it said so, or it swallowed the action without refusing it. */
export function isOwed(operation: Operation): boolean {
  if (!isWrite(operation.action) || operation.refused) return false
  return operation.saved !== undefined || operation.localCommit !== undefined || !operation.cutOff
}

/** "ana's message 'See you'", for findings. */
export function describe(operation: Operation): string {
  const { action, device } = operation
  if (!isWrite(action)) return `${device}'s ${action.type} (${operation.op})`
  const thing = action.collection.replace(/s$/, '')
  if (action.type === 'delete')
    return `${device}'s deletion of ${thing} ${action.record} (${operation.op})`
  const text = withoutMark(String(action.content.text ?? ''))
  const verb = action.type === 'update' ? `edit of ${thing} ${action.record}` : thing
  return `${device}'s ${verb} '${text.length > 60 ? `${text.slice(0, 60)}…` : text}' (${operation.op})`
}
