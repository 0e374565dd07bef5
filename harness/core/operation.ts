import type { Action, WriteAction } from './action.ts'
import type { EventOf } from './event.ts'
import { withoutMark } from './mark.ts'
import type { RequestTrip } from './request-trip.ts'

/**
 * A person's action with all events that belong to it. {@link OperationIds} defines which events
 * these are.
 */
export interface Operation {
  /** The operation's id: 'ana-1'. */
  readonly opId: string
  readonly device: string
  readonly user: string
  readonly action: Action
  readonly invoke: EventOf<'invoke'>
  /** The client's first report of each kind, if it made one. */
  readonly saved?: EventOf<'saved'>
  readonly refused?: EventOf<'refused'>
  readonly settled?: EventOf<'settled'>
  readonly localCommit?: EventOf<'localCommit'>
  /** All idempotency keys of the operation, each once, in order of appearance. */
  readonly keys: readonly string[]
  /** The requests that carried the operation. */
  readonly requests: readonly RequestTrip[]
  /** The server's decisions on the operation, one for each push of it. */
  readonly outcomes: readonly EventOf<'serverOutcome'>[]
  /** The commits of the operation on the server; more than one is a breach of EXACTLY-ONCE. */
  readonly commits: readonly EventOf<'serverCommit'>[]
  /**
   * False if the server reported a deletion that may or may not be this one: then the absence of
   * commits and outcomes proves nothing.
   */
  readonly commitsKnown: boolean
  /** The server's responses that the device applied. */
  readonly acks: readonly EventOf<'ackApplied'>[]
  /** True if the device died before it accepted or refused the action: the client owes nothing. */
  readonly cutOff: boolean
}

/** Returns true for actions that change a record. */
export const isWrite = (action: Action): action is WriteAction =>
  action.type === 'create' || action.type === 'update' || action.type === 'delete'

/**
 * Returns true if the client owes the person this write: it accepted the action, or dropped it
 * without a refusal.
 */
export function isOwed(operation: Operation): boolean {
  if (!isWrite(operation.action) || operation.refused) return false
  return operation.saved !== undefined || operation.localCommit !== undefined || !operation.cutOff
}

/** Describes an operation for findings: "ana's message 'See you' (ana-1)". */
export function describeOperation(operation: Operation): string {
  const { action, device } = operation
  if (!isWrite(action)) return `${device}'s ${action.type} (${operation.opId})`
  const noun = action.collection.replace(/s$/, '')
  if (action.type === 'delete')
    return `${device}'s deletion of ${noun} ${action.record} (${operation.opId})`
  const text = withoutMark(String(action.content.text ?? ''))
  const label = action.type === 'update' ? `edit of ${noun} ${action.record}` : noun
  return `${device}'s ${label} '${shortened(text)}' (${operation.opId})`
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
