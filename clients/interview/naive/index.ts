import { MESSAGES_ONLY } from '../../../harness/core/capabilities.ts'
import type { ClientDefinition } from '../../../harness/core/client.ts'
import { CALL_TIMEOUT_MS, ChatScreen, POLL_MS } from './screen.ts'

/** The first answer in most interviews: call the server from the screen. Every tunnel breaks it. */
const naive: ClientDefinition = {
  name: 'interview/naive',
  title: 'a direct call from the screen: nothing is stored, nothing is retried',
  // No status icons, and nothing keeps the calls in order. Nothing is retried; the next look for
  // news may have to wait for a call that times out.
  capabilities: { ...MESSAGES_ONLY, recovery: CALL_TIMEOUT_MS + POLL_MS },
  create: (ports, identity) => new ChatScreen(ports, identity),
}

export default naive
