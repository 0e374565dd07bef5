import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { describeOperation, isWrite, type Operation } from '../../core/operation.ts'
import { recordName } from './record-name.ts'

type Commit = EventOf<'serverCommit'>

/** The distinct effects of an operation on the server. */
export function effectsOf(operation: Operation): readonly Commit[] {
  return distinctCommits(operation.commits)
}

/** The commits without repetitions: a log entry may be reported again after a server crash. */
export function distinctCommits(commits: readonly Commit[]): Commit[] {
  const first = new Map<string, Commit>()
  for (const commit of commits) {
    const logEntry = `${commit.epoch} ${commit.position}`
    if (!first.has(logEntry)) first.set(logEntry, commit)
  }
  return [...first.values()]
}

/**
 * Returns true if an operation took effect at any time in the history. Order does not count: close
 * timestamps on two nodes prove no order, and after a server crash a commit is reported only when
 * it is found in the log.
 *
 * Undefined if the history cannot tell: the server was never read and may have accepted what it
 * could not report; or it reports only what it holds, and another write is now the current version.
 */
export function tookEffect(history: History, operation: Operation): boolean | undefined {
  if (operation.commits.length > 0) return true
  const state = history.serverState
  if (!state) {
    const wasNeverSent = operation.requests.length === 0 && history.of('request').length > 0
    return wasNeverSent ? false : undefined
  }
  if (state.rows.some((row) => row.op === operation.op)) return true
  if (history.of('serverCommit').length > 0 || !isWrite(operation.action)) return false
  const record = recordName(operation.action)
  const held = state.rows.find((row) => recordName(row) === record)
  if (operation.action.type === 'delete') return held ? held.deleted : undefined
  return held ? undefined : false
}

/** The reason for 'undecided' if {@link tookEffect} is undefined. */
export function unknownEffect(operation: Operation): string {
  const question = `whether ${describeOperation(operation)} took effect`
  return `${question} cannot be told: the server does not show it`
}
