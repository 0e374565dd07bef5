import { createCollection } from '@tanstack/db'
import { NonRetriableError, startOfflineExecutor } from '@tanstack/offline-transactions'
import { QueryClient } from '@tanstack/query-core'
import { queryCollectionOptions } from '@tanstack/query-db-collection'
import { type Action, guest } from '../../../harness/guest/guest.ts'

type Row = { id: string; text: string; conversation?: string }
type Write = Extract<Action, { content: unknown }> | Extract<Action, { type: 'delete' }>

const about = {
  name: 'tanstack-offline',
  title: 'TanStack offline-transactions: client-made ids, and the idempotency key in each request',
  // The longest wait between two attempts: 60 s and up to 30 % of jitter.
  recovery: 80_000,
}

export default guest(about, async ({ server }) => {
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
  const methods = { insert: 'POST', update: 'PUT', delete: 'DELETE' }
  const executor = startOfflineExecutor({
    collections: collections as never,
    mutationFns: {
      async save({ transaction, idempotencyKey }) {
        for (const { type, modified, key, collection } of transaction.mutations) {
          const path = type === 'insert' ? collection.id : `${collection.id}/${key}`
          const response = await fetch(`${server}/${path}`, {
            method: methods[type],
            headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
            body: JSON.stringify(modified),
          })
          if (response.status >= 400 && response.status < 500) {
            throw new NonRetriableError(`The server rejected this: ${response.status}`)
          }
          if (!response.ok) throw new Error('Could not save')
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
      if (action.type === 'create') rows.insert({ id: action.record, ...action.content } as Row)
      else if (action.type === 'delete') rows.delete(action.record)
      else rows.update(action.record, (row) => void Object.assign(row, action.content))
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
})
