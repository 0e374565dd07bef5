import type { History } from '../core/history.ts'
import { isOwed, type Operation } from '../core/operation.ts'
import { mayBeDecidedUnreported } from '../invariants/reading/holdings.ts'
import { completionInProbe, stuckWrites } from '../invariants/reading/stuck.ts'
import { isPlainlyDone } from './plainly-done.ts'

/**
 * Returns the operations that the client owes and that did not complete: without an outcome on the
 * server (no commit, no rejection and no lost conflict), or with one that the screen does not show.
 */
export function stuckOperations(history: History): Operation[] {
  if (isPlainlyDone(history)) return []
  const stuck = new Set(stuckWrites(history).map(({ operation }) => operation))
  return history.operations.filter(
    (operation) => stuck.has(operation) || (isOwed(operation) && !isDecided(history, operation)),
  )
}

function isDecided(history: History, operation: Operation): boolean {
  const { commits, commitsKnown, outcomes } = operation
  return (
    mayBeDecidedUnreported(history, operation) ||
    !commitsKnown ||
    commits.length > 0 ||
    outcomes.some(({ outcome }) => outcome === 'rejected' || outcome === 'conflict')
  )
}

/** Returns true if the probe has completed an operation that was stuck before it. */
export function isCompletedByProbe(history: History, operation: Operation): boolean {
  const write = stuckWrites(history).find((one) => one.operation === operation)
  const stuck = write ?? { operation, outcome: 'lost' as const, state: 'waiting' as const }
  return completionInProbe(history, stuck) !== undefined
}
