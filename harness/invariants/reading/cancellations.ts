import type { History } from '../../core/history.ts'
import { isWrite, type Operation } from '../../core/operation.ts'
import { oncePerHistory } from './once-per-history.ts'
import { recordOf } from './record-name.ts'

/**
 * The cancelled operations, each with the `seq` of its cancellation. Cancelling a creation cancels
 * the device's later edits of the record, too. A cancellation counts even if the device died while
 * processing it: from then on, the user does not expect the write.
 */
export const cancellations = oncePerHistory(computeCancellations)

function computeCancellations(history: History): ReadonlyMap<string, number> {
  const cancelled = new Map<string, number>()
  for (const { action, refused, invoke } of history.operations) {
    if (action.type !== 'cancel' || refused) continue
    const target = history.operation(action.target)
    for (const opId of target ? withEdits(history, target, invoke.seq) : [action.target]) {
      if (!cancelled.has(opId)) cancelled.set(opId, invoke.seq)
    }
  }
  return cancelled
}

function withEdits(history: History, target: Operation, until: number): string[] {
  if (target.action.type !== 'create') return [target.opId]
  return history.operations
    .filter(
      (other) =>
        isWrite(other.action) &&
        other.device === target.device &&
        recordOf(other) === recordOf(target) &&
        other.invoke.seq >= target.invoke.seq &&
        other.invoke.seq < until,
    )
    .map(({ opId }) => opId)
}
