import type { Draft } from '../core/build.ts'

const DEFAULT_CONVERSATION = 'main'

/**
 * Sends a chat message. `as` names the message for later steps; by default the scenario names it
 * 'm1', 'm2' and so on. Default conversation: 'main'.
 *
 * @example
 * const steps = [
 *   at('1s', send('ana', 'Hello', { as: 'greeting' })),
 *   at('5s', editMessage('ben', 'greeting', 'Hello, all')),
 *   at('9s', deleteMessage('ana', 'greeting')),
 * ]
 */
export function send(
  device: string,
  text: string,
  { as, conversation = DEFAULT_CONVERSATION }: { as?: string; conversation?: string } = {},
): Draft {
  return {
    device,
    type: 'create',
    collection: 'messages',
    content: { conversation, text },
    ...(as !== undefined && { as }),
  }
}

/** Edits a message, on any device that shows it. Replaces its text and its conversation. */
export function editMessage(
  device: string,
  message: string,
  text: string,
  { conversation = DEFAULT_CONVERSATION } = {},
): Draft {
  return {
    device,
    type: 'update',
    collection: 'messages',
    record: message,
    content: { conversation, text },
  }
}

/** Deletes a message. */
export function deleteMessage(device: string, message: string): Draft {
  return { device, type: 'delete', collection: 'messages', record: message }
}

/** Takes a message back while it is pending. `opId` is the operation that wrote it: 'ana-1'. */
export function takeBack(device: string, opId: string): Draft {
  return { device, type: 'cancel', target: opId }
}
