// The ack of a push is lost, another device overwrites the row, and WatermelonDB's next sync puts
// the old text back: its row is still marked as updated, and by default the client wins per column.
import 'fake-indexeddb/auto'
import { appSchema, Database, Model, tableSchema } from '@nozbe/watermelondb'
import loki from '@nozbe/watermelondb/adapters/lokijs/index.js'
import { synchronize } from '@nozbe/watermelondb/sync/index.js'
import { conclude, lossyServer } from '../lossy-server.mjs'

class Note extends Model {
  static table = 'notes'
}
const columns = [{ name: 'text', type: 'string' }]
const schema = appSchema({ version: 1, tables: [tableSchema({ name: 'notes', columns })] })
const adapter = new loki.default({ schema, useWebWorker: false, useIncrementalIndexedDB: true })
const database = new Database({ adapter, modelClasses: [Note] })

let now = 1
let row
const written = []
const server = await lossyServer((method, url, changes) => {
  const since = Number(new URL(url, 'http://x').searchParams.get('since')) || 0
  if (method === 'GET') {
    const rows = row && row.modified > since ? [{ id: row.id, text: row.text }] : []
    const sent =
      row?.created > since ? { created: rows, updated: [] } : { created: [], updated: rows }
    return { changes: { notes: { ...sent, deleted: [] } }, timestamp: now }
  }
  const [{ id, text }] = [...changes.notes.created, ...changes.notes.updated]
  if (row?.modified > since) return { conflict: true }
  now += 1
  row = { id, text, created: row?.created ?? now, modified: now }
  written.push(text)
  return {}
})
const sync = () =>
  synchronize({
    database,
    pullChanges: async ({ lastPulledAt }) =>
      (await fetch(`${server.url}?since=${lastPulledAt ?? 0}`)).json(),
    pushChanges: async ({ changes, lastPulledAt }) => {
      const init = { method: 'POST', body: JSON.stringify(changes) }
      const answer = await (await fetch(`${server.url}?since=${lastPulledAt}`, init)).json()
      if (answer.conflict) throw new Error('409')
    },
  })
const fill = (text) => (record) => record._setRaw('text', text)

const note = await database.write(() => database.get('notes').create(fill('milk')))
await sync()
await sync()
await database.write(() => note.update(fill('milk, bread')))
server.loseNextAck()
const failed = await sync().then(
  () => false,
  () => true,
)
now += 1
row = { ...row, text: 'milk, bread, tea', modified: now } // another device has pushed
written.push(row.text)
await sync()

conclude(
  failed && written.join(' | ') === 'milk | milk, bread | milk, bread, tea | milk, bread',
  `The server was told, in this order: ${written.join(' | ')}`,
)
