// The stream of events breaks. The documentation emits RESYNC on `error`, which is at once, and the
// EventSource connects again seconds later: what is written in between is never pulled, and the
// checkpoint of the next event steps over it.
import { createServer } from 'node:http'
import { createRxDatabase } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { Subject } from 'rxjs'
import { conclude, until } from '../lossy-server.mjs'

const documents = []
const streams = new Set()
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x')
  if (pathname === '/pullStream') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    streams.add(response)
    return response.on('close', () => streams.delete(response))
  }
  const since = Number(searchParams.get('seq'))
  const checkpoint = { seq: documents.length }
  response.end(JSON.stringify({ documents: documents.slice(since), checkpoint }))
}).listen(0, '127.0.0.1')
await until(() => server.listening)
const url = `http://127.0.0.1:${server.address().port}`
const write = (id) => {
  documents.push({ id, _deleted: false })
  const event = { documents: documents.slice(-1), checkpoint: { seq: documents.length } }
  for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`)
}

// Node has no EventSource: it reports an error, and connects again after three seconds.
const stream$ = new Subject()
async function listen() {
  try {
    for await (const chunk of (await fetch(`${url}/pullStream`)).body)
      stream$.next(JSON.parse(Buffer.from(chunk).toString().slice('data: '.length)))
  } catch {}
  stream$.next('RESYNC')
  setTimeout(listen, 3000)
}
listen()

const properties = { id: { type: 'string', maxLength: 9 } }
const schema = { version: 0, primaryKey: 'id', type: 'object', properties }
const database = await createRxDatabase({ name: 'app', storage: getRxStorageMemory() })
const { notes } = await database.addCollections({ notes: { schema } })
let pulls = 0
const replication = replicateRxCollection({
  collection: notes,
  replicationIdentifier: 'http',
  pull: {
    handler: async (checkpoint) => {
      const response = await fetch(`${url}/pull?seq=${checkpoint?.seq ?? 0}`)
      const answer = await response.json()
      pulls += 1
      return answer
    },
    stream$,
  },
})
await replication.awaitInitialReplication()
await until(() => streams.size === 1)
write('before')
const ids = async () => (await notes.find().exec()).map(({ id }) => id).sort()
await until(async () => (await ids()).length === 1)

const pulled = pulls
for (const stream of streams) stream.destroy()
await until(() => pulls > pulled) // RESYNC, at once
write('between')
await until(() => streams.size === 1)
write('after')
await until(async () => (await ids()).includes('after'))
await replication.awaitInSync()
const shown = (await ids()).join(', ')
conclude(
  shown === 'after, before',
  `The server has: ${documents.map(({ id }) => id).join(', ')}`,
  `The device shows, when RxDB is in sync: ${shown}`,
)
