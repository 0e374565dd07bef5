import type { History } from '../core/history.ts'
import { isOwed, type Operation } from '../core/operation.ts'

/** Operations the client owes that have not ended on the server: neither taken, nor refused, nor lost to another write. */
export function stuckOperations(history: History): Operation[] {
  return history.operations.filter(
    (operation) =>
      isOwed(operation) &&
      operation.commits.length === 0 &&
      !operation.outcomes.some(({ outcome }) => outcome === 'rejected' || outcome === 'conflict'),
  )
}
