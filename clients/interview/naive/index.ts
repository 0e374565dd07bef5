import type { ClientDefinition } from '../../../harness/core/client.ts'
import { CALL_TIMEOUT_MS, ChatScreen } from './screen.ts'

/** The first answer most people give: call the server from the screen. The control that every tunnel must catch. */
const naive: ClientDefinition = {
  name: 'interview/naive',
  title: 'a direct call from the screen: nothing is stored, nothing is tried again',
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    // It has no icons: what is in the list is in the list.
    statuses: false,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    // Every tap on send is a call of its own; nothing keeps them in order.
    ordered: false,
    // It never tries again and never looks for news by itself, so it needs no longer than its calls do to come to rest.
    recovery: CALL_TIMEOUT_MS,
  },
  create: (ports, identity) => new ChatScreen(ports, identity),
}

export default naive
