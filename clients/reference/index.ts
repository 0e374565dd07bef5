import type { ClientDefinition } from '../../harness/core/client.ts'
import { ReferenceClient } from './client.ts'
import { SETTINGS } from './settings.ts'

/**
 * The client that others are compared with: an outbox, a confirmed base with pending writes on top,
 * and no moment at which a kill loses a write.
 */
const reference: ClientDefinition = {
  name: 'reference',
  title: 'outbox, confirmed base with pending overlay, idempotent batches, resumes by itself',
  capabilities: {
    collections: ['messages', 'notes'],
    update: true,
    delete: true,
    cancel: true,
    statuses: true,
    outbox: true,
    cursor: true,
    versions: true,
    allSynced: true,
    conflicts: true,
    ordered: true,
    recovery: SETTINGS.backoff.capMs,
    backoff: { initial: SETTINGS.backoff.initialMs, cap: SETTINGS.backoff.capMs },
  },
  create: (ports, identity) => new ReferenceClient(ports, identity),
}

export default reference
