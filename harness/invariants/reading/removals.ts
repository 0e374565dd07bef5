import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { recordOf } from './record-name.ts'

/**
 * The record that a person wanted to remove by this operation: by a deletion, or by cancelling a
 * write. Refused ones count: the person did ask.
 */
export function removedRecord(history: History, operation: Operation): string | undefined {
  const { action } = operation
  if (action.type === 'delete') return recordOf(operation)
  const target = action.type === 'cancel' ? history.operation(action.target) : undefined
  return target && recordOf(target)
}
