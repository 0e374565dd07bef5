import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'

/**
 * Returns the operation of a server event without a marker: by its key, if the key belongs to one
 * operation alone. A client with one outbox row per record gives several writes one key; then only
 * a marker distinguishes them.
 */
export function soleOperationOf(
  history: History,
): (event: {
  readonly opId?: string | undefined
  readonly key?: string | undefined
}) => Operation | undefined {
  const owners = new Map<string, Operation | undefined>()
  for (const operation of history.operations)
    for (const key of operation.keys) owners.set(key, owners.has(key) ? undefined : operation)
  return ({ opId, key }) => {
    if (opId !== undefined) return history.operation(opId)
    return key === undefined ? undefined : owners.get(key)
  }
}
