import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { describeOperation, isWrite, type Operation } from '../../core/operation.ts'
import { mayBeHidden, tellsHoldings } from './holdings.ts'
import { recordName, recordOf } from './record-name.ts'
import { removedRecord } from './removals.ts'
import { wasLostAgain } from './rollback.ts'
import { mayHaveBeenSent } from './sending.ts'

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

/** Returns true if the operation took effect, and the server lost all its effects again. */
export function hasLostEffect(history: History, operation: Operation): boolean {
  const effects = effectsOf(operation)
  return effects.length > 0 && effects.every((commit) => wasLostAgain(history, commit))
}

/**
 * Returns true if an operation took effect at any time in the history. Ignores the order:
 * timestamps on two nodes prove none, and after a server crash a commit is reported only when it is
 * found in the log.
 *
 * Returns undefined if the history does not decide: the server's final state was not read, and it
 * may have committed without a report; the server reports only its current rows, which another
 * write may have changed; or a deletion by the same user may be this one or another. Of a server
 * that tells holdings only, two writes between two dumps may look like one.
 */
export function tookEffect(history: History, operation: Operation): boolean | undefined {
  if (operation.commits.length > 0) return true
  if (!operation.commitsKnown) return undefined
  const state = history.serverState
  if (!state) return mayHaveBeenSent(history, operation) ? undefined : false
  if (state.rows.some((row) => row.opId === operation.opId)) return true
  if (!isWrite(operation.action)) return false
  if (tellsHoldings(history))
    return mayHaveBeenSent(history, operation) && mayBeHidden(history, operation)
      ? undefined
      : false
  const reportsCommits = history.of('serverCommit').length > 0
  if (!reportsCommits && operation.outcomes.some(({ outcome }) => outcome === 'applied'))
    return true
  if (operation.action.type === 'delete') return isDeleted(history, operation, reportsCommits)
  if (reportsCommits) return false
  const record = recordName(operation.action)
  const isHeld = state.rows.some((row) => recordName(row) === record)
  return isHeld || mayBeDeleted(history, record) ? undefined : false
}

/**
 * Returns whether a deletion without a commit took effect. False if the record is still as it was
 * before the deletion. If it is deleted or missing, a commit of another deletion must explain it.
 */
function isDeleted(
  history: History,
  operation: Operation,
  reportsCommits: boolean,
): boolean | undefined {
  const record = recordOf(operation)
  const row = history.serverState?.rows.find((one) => recordName(one) === record)
  const deletions = history
    .of('serverCommit')
    .filter((commit) => commit.write === 'delete' && recordName(commit) === record)
  // The server may report the commits of some interfaces only.
  if (!row || (row.deleted && reportsCommits)) return deletions.length > 0 ? false : undefined
  if (row.deleted) return true
  if (reportsCommits) return false
  const writer = history.operation(row.opId)
  const isOlder =
    writer !== undefined &&
    writer.requests.length > 0 &&
    writer.requests.every(({ response }) => response && response.seq < operation.invoke.seq)
  return isOlder ? false : undefined
}

/** Returns true if a person deleted the record, or cancelled a write to it. */
function mayBeDeleted(history: History, record: string): boolean {
  return history.operations.some(
    (operation) => !operation.refused && removedRecord(history, operation) === record,
  )
}

/** The reason for `undecided` if {@link tookEffect} returns undefined. */
export function unknownEffect(operation: Operation): string {
  const question = `whether ${describeOperation(operation)} took effect`
  return operation.commitsKnown
    ? `${question} cannot be told: the server does not show it`
    : `${question} cannot be told: the server reports a deletion that may be another one`
}
