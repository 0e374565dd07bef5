// A document is edited here and deleted on another device. RxDB's default conflict handler drops
// the edit: nothing reports it, and nothing of it is left.
import { createRxDatabase } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { conclude, lossyServer } from '../lossy-server.mjs'

let master
const server = await lossyServer((method, _, rows) => {
  if (method === 'GET') return { documents: master ? [master] : [], checkpoint: {} }
  const [{ newDocumentState, assumedMasterState }] = rows
  if (master && master._deleted !== assumedMasterState?._deleted) return [master]
  master = newDocumentState
  return []
})
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 9 }, text: { type: 'string' } },
}
const database = await createRxDatabase({ name: 'app', storage: getRxStorageMemory() })
const { notes } = await database.addCollections({ notes: { schema } })
const replication = replicateRxCollection({
  collection: notes,
  replicationIdentifier: 'http',
  push: {
    handler: async (rows) =>
      (await fetch(server.url, { method: 'POST', body: JSON.stringify(rows) })).json(),
  },
  pull: { handler: async () => (await fetch(server.url)).json() },
})
const errors = []
replication.error$.subscribe((error) => errors.push(error))

const note = await notes.insert({ id: 'shopping', text: 'milk' })
await replication.awaitInSync()
master = { ...master, _deleted: true } // another device has pushed
await note.incrementalPatch({ text: 'milk, bread' })
await replication.awaitInSync()

const shown = await notes.findOne('shopping').exec()
conclude(
  shown === null && master.text === 'milk' && errors.length === 0,
  `This device wrote "milk, bread". It shows ${shown}, the server has a deleted "${master.text}".`,
  `Errors reported by the replication: ${errors.length}`,
)
