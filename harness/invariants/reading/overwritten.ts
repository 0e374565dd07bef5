import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { coversOf, successOnServer } from './holdings.ts'
import { screenOf } from './screen.ts'

/** The write that a dump shows in the place of one that no dump showed. */
export interface Overwrite {
  readonly by: Operation
  readonly commit: EventOf<'serverCommit'>
  /** The response by which the server had reported success for the overwritten write. */
  readonly success: EventOf<'serverResponded'>
  /** True if the person who overwrote it had written it, or had seen it: nothing is lost. */
  readonly isKnowing: boolean
}

/**
 * Returns what overwrote a write that the server received and answered with success, and that no
 * dump showed. Undefined if the history does not tell: the server reported no success, or what it
 * shows instead is nobody's write, or the write of several.
 */
export function overwriteOf(history: History, operation: Operation): Overwrite | undefined {
  const success = successOnServer(history, operation)
  if (!success || !operation.commitsKnown) return undefined
  const covers = coversOf(history, operation).map((commit) => {
    const by = history.operationOf(commit)
    return { commit, by, isKnowing: by !== undefined && knewOf(history, by, operation) }
  })
  const cover = covers.find(({ by, isKnowing }) => !by || isKnowing) ?? covers[0]
  return cover?.by && { ...cover, by: cover.by, success }
}

/** Returns true if a write was made after another one, by somebody who had made or seen that. */
function knewOf(history: History, by: Operation, operation: Operation): boolean {
  if (by.device === operation.device) return by.invoke.seq > operation.invoke.seq
  return history
    .of('view', by.device)
    .some((view) => view.seq < by.invoke.seq && screenOf(view).rowsOf(operation.opId).length > 0)
}
