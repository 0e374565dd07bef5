import { MESSAGES_ONLY } from '../../harness/core/capabilities.ts'
import type { ClientDefinition } from '../../harness/core/client.ts'
import { PlainClient, RECOVERY_MS } from './client.ts'

/** The simplest client that is right: an outbox, one request at a time, and the whole list. */
const plain: ClientDefinition = {
  name: 'plain',
  title: 'one request at a time over plain REST: an outbox, sent in order, and the whole list',
  capabilities: {
    ...MESSAGES_ONLY,
    update: true,
    delete: true,
    statuses: true,
    ordered: true,
    recovery: RECOVERY_MS,
  },
  create: (ports, identity) => new PlainClient(ports, identity),
}

export default plain
