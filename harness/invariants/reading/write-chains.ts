import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { isOwed, type Operation } from '../../core/operation.ts'
import { acceptanceOf } from './completion.ts'
import { oncePerHistory } from './once-per-history.ts'
import { recordOf } from './record-name.ts'

/** The accepted writes of each device to each record, in the order of acceptance. */
export const writeChains = oncePerHistory(computeChains)

function computeChains(history: History): readonly (readonly Operation[])[] {
  const accepted = history.operations.filter(
    (operation) => isOwed(operation) && acceptanceOf(operation),
  )
  const chains = [
    ...groupBy(accepted, (operation) => `${operation.device} ${recordOf(operation)}`).values(),
  ]
  for (const chain of chains) chain.sort((a, b) => acceptanceSeq(a) - acceptanceSeq(b))
  return chains
}

const acceptanceSeq = (operation: Operation) => acceptanceOf(operation)?.seq ?? 0
