import type { History } from '../../core/history.ts'
import { recordName } from './record-name.ts'

/** The records that somebody wrote while the replicas were read: they need not agree. */
export function writtenWhileRead(history: History): ReadonlySet<string> {
  const read = history.phase('read')
  const commits = history.of('serverCommit').filter(({ seq }) => read && seq > read.seq)
  return new Set(commits.map(recordName))
}
