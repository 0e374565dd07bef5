// The ack of a PUT is lost, another device overwrites the item, and SignalDB's next sync replays
// its change on top of the newer text.
import { Collection } from '@signaldb/core'
import { SyncManager } from '@signaldb/sync'
import { conclude, lossyServer, until } from '../lossy-server.mjs'

const items = new Map()
const written = []
const server = await lossyServer((method, _, item) => {
  if (method === 'GET') return [...items.values()]
  items.set(item.id, item)
  written.push(item.text)
  return item
})
const send = async (method, item) =>
  (await fetch(server.url, { method, body: JSON.stringify(item) })).json()
const errors = []
const syncManager = new SyncManager({
  pull: async () => ({ items: await (await fetch(server.url)).json() }),
  push: async (_, { changes }) => {
    await Promise.all(changes.added.map((item) => send('POST', item)))
    await Promise.all(changes.modified.map((item) => send('PUT', item)))
  },
  onError: (_, error) => errors.push(error),
})
const notes = new Collection()
syncManager.addCollection(notes, { name: 'notes' })
notes.insert({ id: 'shopping', text: 'milk' })
await until(() => written.length === 1 && !syncManager.isSyncing())

server.loseNextAck()
notes.updateOne({ id: 'shopping' }, { $set: { text: 'milk, bread' } })
await until(() => errors.length === 1)
await send('PUT', { id: 'shopping', text: 'milk, bread, tea' }) // another device
await syncManager.syncAll()

conclude(
  written.join(' | ') === 'milk | milk, bread | milk, bread, tea | milk, bread',
  `The server was told, in this order: ${written.join(' | ')}`,
)
