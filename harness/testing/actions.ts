/**
 * Actions of a chat user, for tests that call a client directly, usually on a `Phone`. The test
 * chooses the operation ids, and texts carry no marker. A message's record is named after the
 * operation that creates it: `message('a')` creates `record-a`, `edit('b', 'a')` edits it. In
 * scenarios use `workload/`, which numbers operations and marks texts.
 *
 * @module
 */
import type { Action, WriteAction } from '../core/action.ts'

const collection = 'messages'
const recordOf = (op: string): string => `record-${op}`

/** Sends a message. The text defaults to the operation's name. */
export function message(op: string, text = op, conversation = 'main'): WriteAction {
  return { type: 'create', op, collection, record: recordOf(op), content: { conversation, text } }
}

/** Edits the message that the operation `created` sent. */
export function edit(op: string, created: string, text = op, conversation = 'main'): WriteAction {
  const content = { conversation, text }
  return { type: 'update', op, collection, record: recordOf(created), content }
}

/** Deletes the message that the operation `created` sent. */
export function remove(op: string, created: string): WriteAction {
  return { type: 'delete', op, collection, record: recordOf(created) }
}

/** Cancels the operation `target`, which is still pending. */
export function cancel(op: string, target: string): Action {
  return { type: 'cancel', op, target }
}

/** Pulls to refresh. */
export function refresh(op: string): Action {
  return { type: 'refresh', op }
}
