import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/query-core'

const DAY = 1000 * 60 * 60 * 24

/** An app of messages and notes over a REST server, as the guide "Mutations" writes one. */
export function openApp(server: string, { retry = 3 }: { retry?: number | true } = {}) {
  const call = async (method: string, path: string, content?: unknown) => {
    const response = await fetch(server + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(content !== undefined && { body: JSON.stringify(content) }),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response.json()
  }
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: DAY, retry: 0 } } })
  const rows = (collection: string) => client.getQueryData([collection]) ?? []
  const rowOf = (collection: string, record: string) =>
    rows(collection).find(({ id, text }) => id === record || text.includes(`⟦${record} `))
  const change = (collection: string, record: string, to: (row) => unknown[]) => {
    const row = rowOf(collection, record)
    client.setQueryData([collection], (old = []) => old.flatMap((it) => (it === row ? to(it) : it)))
  }

  const created = new Map<string, string>()

  client.setMutationDefaults(['write'], {
    mutationFn: ({ type, collection, record, id: shown, content }) => {
      const id = created.get(record) ?? shown
      if (type === 'delete') return call('DELETE', `/${collection}/${id}`)
      if (type === 'update') return call('PUT', `/${collection}/${id}`, content)
      // A message gets its id from the server, a note has the name that the person chose.
      return call('POST', `/${collection}`, collection === 'notes' ? { id, ...content } : content)
    },
    onMutate: async ({ type, collection, record, content }) => {
      await client.cancelQueries({ queryKey: [collection] })
      if (type === 'create')
        client.setQueryData([collection], (old = []) => [...old, { id: record, ...content }])
      if (type === 'update') change(collection, record, (row) => [{ ...row, ...content }])
      if (type === 'delete') change(collection, record, () => [])
    },
    onSuccess: (result, { type, collection, record }) => {
      if (type !== 'create') return
      created.set(record, result.id)
      change(collection, record, (row) => [{ ...row, ...result }])
    },
    onError: (_, { type, collection, record }) => {
      if (type === 'create') change(collection, record, () => [])
    },
    onSettled: () => {
      if (client.isMutating() === 1) client.invalidateQueries()
    },
    retry,
    scope: { id: 'write' },
  })
  for (const collection of ['messages', 'notes'])
    new QueryObserver(client, {
      queryKey: [collection],
      queryFn: () => call('GET', `/${collection}`),
    }).subscribe(() => {})
  // Not while a write waits: it would take the optimistic row off the screen.
  setInterval(() => client.isMutating() || client.invalidateQueries(), 5000)
  client.mount()

  return {
    client,
    perform(action) {
      if (action.type === 'refresh') return client.refetchQueries()
      const write = new MutationObserver(client, { mutationKey: ['write'] })
      const id = rowOf(action.collection, action.record)?.id ?? action.record
      // The row is shown by onMutate, before the next task.
      const saved = new Promise((shown) => setTimeout(shown))
      return { saved, settled: write.mutate({ ...action, id }) }
    },
    view: () =>
      ['messages', 'notes'].flatMap((collection) =>
        rows(collection).map(({ id, ...content }) => ({ collection, id, content })),
      ),
  }
}
