// An item is edited here and deleted on another device. SignalDB replays the edit on the list
// without the item, takes the result for a new item, and posts it: the deletion is undone.
import { Collection } from '@signaldb/core'
import { SyncManager } from '@signaldb/sync'
import { conclude, lossyServer, until } from '../lossy-server.mjs'

const items = new Map()
const writes = []
const server = await lossyServer((method, _, item) => {
  if (method === 'GET') return [...items.values()]
  writes.push(`${method} ${item.text}`)
  items.set(item.id, item)
  return item
})
const send = (method, item) => fetch(server.url, { method, body: JSON.stringify(item) })
let online = true
const syncManager = new SyncManager({
  pull: async () => {
    if (!online) throw new Error('offline')
    return { items: await (await fetch(server.url)).json() }
  },
  push: async (_, { changes }) => {
    await Promise.all(changes.added.map((item) => send('POST', item)))
    await Promise.all(changes.modified.map((item) => send('PUT', item)))
  },
})
const notes = new Collection()
syncManager.addCollection(notes, { name: 'notes' })
notes.insert({ id: 'errands', text: 'post office', urgent: true })
await until(() => items.size === 1 && !syncManager.isSyncing())

online = false
notes.updateOne({ id: 'errands' }, { $set: { text: 'post office, baker' } })
items.delete('errands') // another device
online = true
await syncManager.syncAll()

conclude(
  writes.join(' | ') === 'POST post office | POST post office, baker' && items.size === 1,
  `The server was told: ${writes.join(' | ')}`,
  `It holds again, after the deletion: ${JSON.stringify([...items.values()])}`,
)
