import type { ClientDefinition } from '../../../harness/core/client.ts'
import { InterviewWorker, PULL_INTERVAL_MS } from './client.ts'

/** The answer that interviews expect, with its flaws: it survives a tunnel, but not much more. */
const worker: ClientDefinition = {
  name: 'interview/worker',
  title: 'the well-known answer: a table with is_synced, and WorkManager with KEEP',
  capabilities: {
    collections: ['messages'],
    // Updates unsent messages only; refuses other updates.
    update: true,
    delete: false,
    cancel: true,
    statuses: true,
    // The unsynced rows are its outbox.
    outbox: true,
    // Pulls by timestamp, not by sequence number.
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    // Sends the rows one by one, in a loop.
    ordered: true,
    // The pull interval, which is longer than each of the first five backoffs. After more failures
    // the backoff grows up to 5 hours, and the client recovers later than this.
    recovery: PULL_INTERVAL_MS,
  },
  create: (ports, identity) => new InterviewWorker(ports, identity),
}

export default worker
