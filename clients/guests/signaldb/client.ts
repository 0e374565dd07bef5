import { Collection } from '@signaldb/core'
import createIndexedDBAdapter from '@signaldb/indexeddb'
import { SyncManager } from '@signaldb/sync'
import { guest } from '../../../harness/guest/guest.ts'

const about = { name: 'signaldb', title: 'SignalDB 1, SyncManager on IndexedDB' }

export default guest(about, async ({ server }) => {
  const call = async (path: string, method: string, item?: { id: string }) => {
    const response = await fetch(server + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(item && { body: JSON.stringify(item) }),
    })
    const text = await response.text()
    if (response.status >= 400 && response.status <= 499) return console.error(text)
    if (!response.ok) throw new Error(text)
    return JSON.parse(text)
  }
  const syncManager = new SyncManager({
    persistenceAdapter: (name) => createIndexedDBAdapter(name),
    pull: async ({ apiPath }) => ({ items: await fetch(server + apiPath).then((it) => it.json()) }),
    push: async ({ apiPath }, { changes: { added, modified, removed } }) => {
      await Promise.all(added.map((item) => call(apiPath, 'POST', item)))
      await Promise.all(modified.map((item) => call(apiPath, 'PUT', item)))
      await Promise.all(removed.map((item) => call(apiPath, 'DELETE', item)))
    },
    onError: (_, error) => console.error(error),
  })
  const collections = {}
  for (const name of ['messages', 'notes']) {
    collections[name] = new Collection({ name, persistence: createIndexedDBAdapter(name) })
    syncManager.addCollection(collections[name], { name, apiPath: `/${name}` })
  }
  await Promise.all(Object.values(collections).map((collection) => collection.isReady()))
  let syncing: Promise<void> | undefined
  const sync = () => {
    syncing ??= syncManager
      .syncAll()
      .catch(() => {})
      .finally(() => {
        syncing = undefined
      })
    return syncing
  }
  sync()
  setInterval(sync, 5000)

  return {
    async perform({ type, collection, record: id, content }) {
      if (type === 'refresh') return sync()
      if (type === 'create') collections[collection].insert({ id, ...content })
      if (type === 'update') collections[collection].updateOne({ id }, { $set: content })
      if (type === 'delete') collections[collection].removeOne({ id })
    },
    view: () =>
      Object.entries(collections).flatMap(([collection, items]) =>
        items
          .find()
          .fetch()
          .map(({ id, ...content }) => ({ collection, id, content })),
      ),
  }
})
