import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { isOwed, type Operation } from '../../core/operation.ts'
import { begun } from './ending.ts'
import { recordOf } from './screen.ts'

/** The writes of each device to each record that the client took over, in the order it took them. */
export function chains(history: History): Operation[][] {
  const taken = history.operations.filter((operation) => isOwed(operation) && begun(operation))
  const lines = [
    ...groupBy(taken, (operation) => `${operation.device} ${recordOf(operation)}`).values(),
  ]
  for (const line of lines) line.sort((a, b) => (begun(a)?.seq ?? 0) - (begun(b)?.seq ?? 0))
  return lines
}
