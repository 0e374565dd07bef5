import { observable, observe, syncState } from '@legendapp/state'
import { ObservablePersistLocalStorage } from '@legendapp/state/persist-plugins/local-storage'
import { syncedCrud } from '@legendapp/state/sync-plugins/crud'
import { guest } from '../../../harness/guest/guest.ts'

const about = { name: 'legend-state', title: 'Legend-State 3, syncedCrud, local first' }

export default guest(about, ({ server }) => {
  const call = async (path: string, method = 'GET', row?: { id: string }) => {
    const response = await fetch(server + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(row && { body: JSON.stringify(row) }),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response.json()
  }
  const synced = (name: string) =>
    syncedCrud({
      list: ({ lastSync }) => call(`/${name}?since=${lastSync ?? 0}`),
      create: (row) => call(`/${name}`, 'POST', row),
      update: (row) => call(`/${name}/${row.id}`, 'PUT', row),
      subscribe: ({ refresh }) => {
        const poll = () => syncState(store$[name]).isGetting.peek() || refresh()
        const timer = setInterval(poll, 5000)
        return () => clearInterval(timer)
      },
      persist: { plugin: ObservablePersistLocalStorage, name, retrySync: true },
      retry: { infinite: true },
      changesSince: 'last-sync',
      fieldCreatedAt: 'createdAt',
      fieldUpdatedAt: 'updatedAt',
      fieldDeleted: 'deleted',
    })
  const store$ = observable({ messages: synced('messages'), notes: synced('notes') })
  for (const name of ['messages', 'notes']) observe(() => store$[name].get())

  return {
    async perform({ type, collection, record, content }) {
      const row$ = store$[collection]?.[record]
      if (type === 'create') row$.set({ id: record, ...content })
      if (type === 'update' && row$.peek()) row$.assign(content)
      if (type === 'delete') row$.delete()
    },
    view: () =>
      Object.keys(store$.peek()).flatMap((collection) =>
        Object.values(store$[collection].peek() ?? {})
          .filter(({ deleted }) => !deleted)
          .map(({ id, createdAt, updatedAt, deleted, ...content }) => ({
            collection,
            id,
            content,
          })),
      ),
  }
})
