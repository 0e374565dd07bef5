import type { History } from '../core/history.ts'
import { isOwed, type Operation } from '../core/operation.ts'

/**
 * Returns the operations that the client owes and that have no outcome on the server: no commit, no
 * rejection and no lost conflict.
 */
export function stuckOperations(history: History): Operation[] {
  return history.operations.filter(
    (operation) =>
      isOwed(operation) &&
      operation.commits.length === 0 &&
      !operation.outcomes.some(({ outcome }) => outcome === 'rejected' || outcome === 'conflict'),
  )
}
