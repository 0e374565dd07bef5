import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { describeOperation, isWrite, type Operation } from '../../core/operation.ts'
import { recordName } from './record-name.ts'

type Commit = EventOf<'serverCommit'>

/** The distinct effects of an operation on the server. */
export function effectsOf(operation: Operation): readonly Commit[] {
  return distinctCommits(operation.commits)
}

/** Drops repeated commits: a log entry may be reported again after a server crash. */
export function distinctCommits(commits: readonly Commit[]): Commit[] {
  const first = new Map<string, Commit>()
  for (const commit of commits) {
    const logEntry = `${commit.epoch} ${commit.position}`
    if (!first.has(logEntry)) first.set(logEntry, commit)
  }
  return [...first.values()]
}

/**
 * Returns true if an operation took effect at any time in the history. Ignores the order:
 * timestamps on two nodes prove none, and after a server crash a commit is reported only when it is
 * found in the log.
 *
 * Returns undefined if the history does not decide: the server's final state was not read, and it
 * may have committed without a report; or the server reports only its current rows, and another
 * write is the current version.
 */
export function tookEffect(history: History, operation: Operation): boolean | undefined {
  if (operation.commits.length > 0) return true
  const state = history.serverState
  if (!state) {
    const wasNeverSent = operation.requests.length === 0 && history.of('request').length > 0
    return wasNeverSent ? false : undefined
  }
  if (state.rows.some((row) => row.opId === operation.opId)) return true
  if (history.of('serverCommit').length > 0 || !isWrite(operation.action)) return false
  const record = recordName(operation.action)
  const held = state.rows.find((row) => recordName(row) === record)
  if (operation.action.type === 'delete') return held ? held.deleted : undefined
  return held ? undefined : false
}

/** The reason for `undecided` if {@link tookEffect} returns undefined. */
export function unknownEffect(operation: Operation): string {
  const question = `whether ${describeOperation(operation)} took effect`
  return `${question} cannot be told: the server does not show it`
}
