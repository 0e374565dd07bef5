import type { ClientDefinition } from '../../../harness/core/client.ts'
import { CALL_TIMEOUT_MS, ChatScreen } from './screen.ts'

/** The first answer in most interviews: call the server from the screen. Every tunnel breaks it. */
const naive: ClientDefinition = {
  name: 'interview/naive',
  title: 'a direct call from the screen: nothing is stored, nothing is retried',
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    // The rows have no status icons.
    statuses: false,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    // Each message is sent by a call of its own; nothing keeps the calls in order.
    ordered: false,
    // Without retries and polls, the client is at rest once its calls have timed out.
    recovery: CALL_TIMEOUT_MS,
  },
  create: (ports, identity) => new ChatScreen(ports, identity),
}

export default naive
