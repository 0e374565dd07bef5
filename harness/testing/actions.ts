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
const recordOf = (opId: string): string => `record-${opId}`

/** Sends a message. The text defaults to the operation's name. */
export function message(opId: string, text = opId, conversation = 'main'): WriteAction {
  return {
    type: 'create',
    opId,
    collection,
    record: recordOf(opId),
    content: { conversation, text },
  }
}

/** Edits the message that the operation `created` sent. */
export function edit(
  opId: string,
  created: string,
  text = opId,
  conversation = 'main',
): WriteAction {
  const content = { conversation, text }
  return { type: 'update', opId, collection, record: recordOf(created), content }
}

/** Deletes the message that the operation `created` sent. */
export function remove(opId: string, created: string): WriteAction {
  return { type: 'delete', opId, collection, record: recordOf(created) }
}

/** Cancels the operation `target`, which is still pending. */
export function cancel(opId: string, target: string): Action {
  return { type: 'cancel', opId, target }
}

/** Pulls to refresh. */
export function refresh(opId: string): Action {
  return { type: 'refresh', opId }
}
