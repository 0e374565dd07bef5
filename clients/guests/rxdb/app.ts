import { createRxDatabase } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { Subject } from 'rxjs'

const string = { type: 'string' }
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 100 }, conversation: string, text: string },
  required: ['id', 'text'],
}

/** An app of messages and notes, replicated as the page "HTTP Replication" describes. */
export async function openApp(server: string, storage) {
  const database = await createRxDatabase({ name: 'app', storage })
  const collections = await database.addCollections({ messages: { schema }, notes: { schema } })
  for (const [name, collection] of Object.entries(collections)) {
    const call = async (path: string, body?: unknown) => {
      const post = { method: 'POST', headers: { 'Content-Type': 'application/json' } }
      const response = await fetch(
        `${server}/${name}${path}`,
        body === undefined ? {} : { ...post, body: JSON.stringify(body) },
      )
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      return response.json()
    }
    const stream = new Subject()
    const events = new EventSource(`${server}/${name}/pullStream`)
    events.onmessage = ({ data }) => stream.next(JSON.parse(data))
    events.onerror = () => stream.next('RESYNC')
    replicateRxCollection({
      collection,
      replicationIdentifier: 'my-http-replication',
      push: { handler: (rows) => call('/push', rows) },
      pull: {
        handler: (checkpoint, batchSize) =>
          call(`/pull?seq=${checkpoint?.seq ?? 0}&limit=${batchSize}`),
        stream$: stream.asObservable(),
      },
    })
  }
  return {
    async perform({ type, collection, record, content }) {
      if (type === 'refresh') return
      if (type === 'create') return collections[collection].insert({ id: record, ...content })
      const document = await collections[collection].findOne(record).exec()
      if (type === 'update') await document.incrementalPatch(content)
      if (type === 'delete') await document.incrementalRemove()
    },
    async view() {
      const found = Object.keys(collections).map(async (collection) =>
        (await collections[collection].find().exec()).map((document) => {
          const { id, ...content } = document.toJSON()
          return { collection, id, content }
        }),
      )
      return (await Promise.all(found)).flat()
    },
  }
}
