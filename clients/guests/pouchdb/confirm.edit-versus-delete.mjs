// A document is edited here and deleted on another device. When the two replicate, the edit wins:
// a deleted revision is the winner only if there is no other.
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { conclude } from '../lossy-server.mjs'

PouchDB.plugin(memory).plugin(replication)
const [ana, ben, server] = ['ana', 'ben', 'server'].map(
  (name) => new PouchDB(name, { adapter: 'memory' }),
)
await ana.put({ _id: 'errands', text: 'post office' })
await ana.sync(server)
await ben.sync(server)

await ben.remove(await ben.get('errands'))
await ben.sync(server)
const deleted = await server.get('errands').catch(({ reason }) => reason)
await ana.put({ ...(await ana.get('errands')), text: 'post office, baker' })
await ana.sync(server)
await ben.sync(server)

const back = (await ben.get('errands')).text
conclude(
  deleted === 'deleted' && back === 'post office, baker',
  `After Ben's deletion the server says: ${deleted}`,
  `After Ana's sync Ben's device shows again: ${back}`,
)
