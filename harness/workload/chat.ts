import type { Draft } from '../core/build.ts'

const MAIN = 'main'

/** A chat message is sent. `as` names the message for later steps; otherwise the scenario numbers it 'm1', 'm2' …. */
export function send(
  device: string,
  text: string,
  { as, conversation = MAIN }: { as?: string; conversation?: string } = {},
): Draft {
  return {
    device,
    type: 'create',
    collection: 'messages',
    content: { conversation, text },
    ...(as !== undefined && { as }),
  }
}

/** A message is edited by whoever has it on the screen. */
export function editMessage(
  device: string,
  message: string,
  text: string,
  { conversation = MAIN } = {},
): Draft {
  return {
    device,
    type: 'update',
    collection: 'messages',
    record: message,
    content: { conversation, text },
  }
}

export function deleteMessage(device: string, message: string): Draft {
  return { device, type: 'delete', collection: 'messages', record: message }
}
