// A connection accepts the push and passes nothing. The documented handler has no deadline, and
// RxDB waits for it: `retryTime` begins only when the handler has failed.
import { createServer } from 'node:http'
import { createRxDatabase } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { conclude, until } from '../lossy-server.mjs'

let requests = 0
const server = createServer(() => {
  requests += 1 // and never an answer
}).listen(0, '127.0.0.1')
await until(() => server.listening)

const properties = { id: { type: 'string', maxLength: 9 } }
const schema = { version: 0, primaryKey: 'id', type: 'object', properties }
const database = await createRxDatabase({ name: 'app', storage: getRxStorageMemory() })
const { messages } = await database.addCollections({ messages: { schema } })
replicateRxCollection({
  collection: messages,
  replicationIdentifier: 'http',
  retryTime: 1000,
  push: {
    handler: async (rows) => {
      const init = { method: 'POST', body: JSON.stringify(rows) }
      return (await fetch(`http://127.0.0.1:${server.address().port}`, init)).json()
    },
  },
})
await messages.insert({ id: 'm1' })
await until(() => requests === 1)
await messages.insert({ id: 'm2' })
await new Promise((resolve) => setTimeout(resolve, 10_000))
conclude(
  requests === 1,
  `Ten seconds later, with a retryTime of one: ${requests} request, and m2 waits behind it.`,
)
