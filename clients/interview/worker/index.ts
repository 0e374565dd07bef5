import type { ClientDefinition } from '../../../harness/core/client.ts'
import { InterviewWorker, PULL_INTERVAL_MS } from './client.ts'

/** The answer that interviews expect, with its flaws: it survives a tunnel, but not much more. */
const worker: ClientDefinition = {
  name: 'interview/worker',
  title: 'the well-known answer: a table with is_synced, and WorkManager with KEEP',
  capabilities: {
    collections: ['messages'],
    // Of unsent messages only; other updates are refused.
    update: true,
    delete: false,
    cancel: true,
    statuses: true,
    // The unsynced rows are its outbox.
    outbox: true,
    // It pulls by timestamp, not by sequence number.
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    // One loop sends the rows one by one.
    ordered: true,
    // The pull interval; each of the first five backoffs is shorter. After more failures the
    // backoff grows up to 5 hours, for which it promises nothing.
    recovery: PULL_INTERVAL_MS,
  },
  create: (ports, identity) => new InterviewWorker(ports, identity),
}

export default worker
