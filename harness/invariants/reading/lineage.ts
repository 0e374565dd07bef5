import type { EventOf } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { describe } from '../../core/operation.ts'
import { recordName } from './screen.ts'

type Commit = EventOf<'serverCommit'>

/** The commits of each record in each epoch, in the server's own order; one log entry told twice is there once. */
export function lineages(history: History): Commit[][] {
  return [
    ...groupBy(
      history.of('serverCommit'),
      (commit) => `${commit.epoch} ${recordName(commit)}`,
    ).values(),
  ].map((line) => {
    const sorted = [...line].sort((a, b) => a.position - b.position)
    return sorted.filter((commit, i) => sorted[i - 1]?.position !== commit.position)
  })
}

/** The operation a commit or an outcome belongs to, by its marker or its key. */
export function opOf(
  history: History,
  event: { readonly op?: string | undefined; readonly key?: string | undefined },
): string | undefined {
  return (
    event.op ??
    history.operations.find(({ keys }) => event.key !== undefined && keys.includes(event.key))?.op
  )
}

/** "ana's edit of note n1 'x' (ana-2)", or what can be said of a write that nobody in the history invoked. */
export function writerOf(
  history: History,
  event: {
    readonly op?: string | undefined
    readonly key?: string | undefined
    readonly write?: string
  },
): string {
  const op = opOf(history, event)
  const operation = op === undefined ? undefined : history.operation(op)
  return operation
    ? describe(operation)
    : `a ${event.write ?? 'write'} nobody here made (${op ?? event.key ?? 'unmarked'})`
}
