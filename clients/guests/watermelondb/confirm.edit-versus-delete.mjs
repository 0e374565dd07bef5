// A row is edited here and deleted on another device. WatermelonDB's next sync destroys the row
// with the edit that was not sent, and reports nothing.
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

let now = 0
let deleted = []
const pushed = []
const server = await lossyServer((method, _, changes) => {
  now += 1
  if (method === 'GET')
    return { changes: { notes: { created: [], updated: [], deleted } }, timestamp: now }
  pushed.push(...changes.notes.created, ...changes.notes.updated)
  return {}
})
const log = {}
const sync = () =>
  synchronize({
    database,
    log,
    pullChanges: async () => (await fetch(server.url)).json(),
    pushChanges: async ({ changes }) => {
      await fetch(server.url, { method: 'POST', body: JSON.stringify(changes) })
    },
  })
const fill = (text) => (record) => record._setRaw('text', text)

const note = await database.write(() => database.get('notes').create(fill('milk')))
await sync()
await database.write(() => note.update(fill('milk, bread')))
deleted = [note.id] // another device
await sync()

const left = (await database.get('notes').query().fetch()).length
const texts = pushed.map(({ text }) => text).join(' | ')
conclude(
  left === 0 && texts === 'milk' && log.error === undefined,
  `Pushed: ${texts}. Rows left on the device: ${left}. Error in the log: ${log.error}`,
)
