import { createCollection } from '@tanstack/db'
import { NonRetriableError, startOfflineExecutor } from '@tanstack/offline-transactions'
import { QueryClient } from '@tanstack/query-core'
import { queryCollectionOptions } from '@tanstack/query-db-collection'
import type { Action, GuestClient } from '../../../harness/guest/guest.ts'

type Row = { id: string; text: string; conversation?: string }
type Write = Extract<Action, { content: unknown }> | Extract<Action, { type: 'delete' }>
interface Mutation {
  readonly type: 'insert' | 'update' | 'delete'
  readonly modified: Row
  readonly key: string
  readonly collection: { readonly id: string }
}

/** The part in which the rows differ: how a mutation becomes a request. */
export interface Backend {
  readonly path: (mutation: Mutation) => string
  readonly headers: (idempotencyKey: string) => Record<string, string>
  readonly body: (mutation: Mutation) => object
  /** Called with the response to a creation. */
  readonly created?: (key: string, response: Response) => Promise<void>
  /** Returns the id of the row that an action is about. Default: the record's name. */
  readonly idOf?: (action: Write, rows: readonly Row[]) => string
}

const METHODS = { insert: 'POST', update: 'PUT', delete: 'DELETE' }

/** The longest wait between two attempts: 60 s and up to 30 % of jitter. */
export const RECOVERY_MS = 80_000

export async function offlineApp(server: string, backend: Backend): Promise<GuestClient> {
  const queryClient = new QueryClient()
  queryClient.mount()
  const open = (name: string) =>
    createCollection(
      queryCollectionOptions<Row, string>({
        id: name,
        queryClient,
        queryKey: [name],
        queryFn: async () => (await fetch(`${server}/${name}`)).json(),
        getKey: (row) => row.id,
        refetchInterval: 5000,
      }),
    )
  const collections = { messages: open('messages'), notes: open('notes') }
  const collectionOf = (name: string) => collections[name as keyof typeof collections]
  const executor = startOfflineExecutor({
    collections: collections as never,
    mutationFns: {
      async save({ transaction, idempotencyKey }) {
        for (const mutation of transaction.mutations) {
          const { type, key, collection } = mutation
          const response = await fetch(`${server}/${backend.path(mutation)}`, {
            method: METHODS[type],
            headers: { 'Content-Type': 'application/json', ...backend.headers(idempotencyKey) },
            body: JSON.stringify(backend.body(mutation)),
          })
          if (response.status >= 400 && response.status < 500) {
            throw new NonRetriableError(`The server rejected this: ${response.status}`)
          }
          if (!response.ok) throw new Error('Could not save')
          if (type === 'insert' && backend.created) await backend.created(key, response)
          await collectionOf(collection.id).utils.refetch()
        }
      },
    },
  })
  await executor.waitForInit()
  for (const collection of Object.values(collections)) collection.startSyncImmediate()
  const act = executor.createOfflineAction<Write>({
    mutationFnName: 'save',
    onMutate(action) {
      const rows = collectionOf(action.collection)
      const id = backend.idOf?.(action, rows.toArray) ?? action.record
      if (action.type === 'create') rows.insert({ id: action.record, ...action.content } as Row)
      else if (action.type === 'delete') rows.delete(id)
      else rows.update(id, (row) => void Object.assign(row, action.content))
    },
  })
  return {
    async perform(action) {
      if (action.type === 'refresh' || action.type === 'cancel') return
      act(action).isPersisted.promise.catch((error) => console.error(error))
    },
    view() {
      const all = Object.entries(collections)
      if (all.some(([, rows]) => rows.status !== 'ready')) return undefined
      return all.flatMap(([collection, rows]) =>
        rows.toArray.map(({ id, text, conversation }) => ({
          collection,
          id,
          content: { text, ...(conversation && { conversation }) },
        })),
      )
    },
  }
}
