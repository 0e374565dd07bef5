import type { ClientDefinition } from '../../../harness/core/client.ts'
import { InterviewWorker, PULL_INTERVAL_MS } from './client.ts'

/** The answer that interviews expect, built as told: it survives the tunnel, and has the flaws that come with it. */
const worker: ClientDefinition = {
  name: 'interview/worker',
  title: 'the well-known answer: a table with is_synced, and WorkManager with KEEP',
  capabilities: {
    collections: ['messages'],
    // Of messages that were not sent yet. Anything later is refused, visibly.
    update: true,
    delete: false,
    cancel: true,
    statuses: true,
    // The unsynced rows are its outbox.
    outbox: true,
    // Timestamps, no sequence.
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    // One loop sends one row after the other.
    ordered: true,
    // Its pull, and the first five of its backoffs. An outage of many tries takes it beyond, up to 5 hours: it promises nothing there.
    recovery: PULL_INTERVAL_MS,
  },
  create: (ports, identity) => new InterviewWorker(ports, identity),
}

export default worker
