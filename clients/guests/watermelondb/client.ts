import { appSchema, Database, Model, tableSchema } from '@nozbe/watermelondb'
import LokiJSAdapter from '@nozbe/watermelondb/adapters/lokijs'
import { schemaMigrations } from '@nozbe/watermelondb/Schema/migrations'
import { synchronize } from '@nozbe/watermelondb/sync'
import { guest } from '../../../harness/guest/guest.ts'

class Message extends Model {
  static table = 'messages'
}
class Note extends Model {
  static table = 'notes'
}
const tables = ['messages', 'notes']
const columns = [
  { name: 'conversation', type: 'string', isOptional: true },
  { name: 'text', type: 'string' },
]
const schema = appSchema({
  version: 1,
  tables: tables.map((name) => tableSchema({ name, columns })),
})

const about = { name: 'watermelondb', title: 'WatermelonDB 0.28, LokiJS on IndexedDB' }

export default guest(about, ({ server }) => {
  const adapter = new LokiJSAdapter({
    schema,
    migrations: schemaMigrations({ migrations: [] }),
    useWebWorker: false,
    useIncrementalIndexedDB: true,
  })
  const database = new Database({ adapter, modelClasses: [Message, Note] })
  const call = async (query: string, init = {}) => {
    const response = await fetch(`${server}/sync?${query}`, init)
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }
  const mySync = () =>
    synchronize({
      database,
      pullChanges: ({ lastPulledAt, schemaVersion, migration }) =>
        call(
          `last_pulled_at=${lastPulledAt}&schema_version=${schemaVersion}` +
            `&migration=${encodeURIComponent(JSON.stringify(migration))}`,
        ),
      pushChanges: ({ changes, lastPulledAt }) =>
        call(`last_pulled_at=${lastPulledAt}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(changes),
        }),
      migrationsEnabledAtVersion: 1,
    })
  let syncing: Promise<void> | undefined
  const sync = () => {
    syncing ??= mySync()
      .catch(mySync)
      .catch((error) => console.error(error))
      .finally(() => {
        syncing = undefined
      })
    return syncing
  }
  setInterval(sync, 5000)

  return {
    async perform({ type, collection, record, content }) {
      if (type === 'refresh') return sync()
      const fill = (row) => {
        for (const [name, value] of Object.entries(content)) row._setRaw(name, value)
      }
      await database.write(async () => {
        if (type === 'create')
          return database.get(collection).create((row) => {
            row._raw.id = record
            fill(row)
          })
        const row = await database.get(collection).find(record)
        return type === 'update' ? row.update(fill) : row.markAsDeleted()
      })
      sync()
    },
    async view() {
      const rows = await Promise.all(tables.map((table) => database.get(table).query().fetch()))
      return rows.flat().map(({ table, id, _raw: { text, conversation } }) => ({
        collection: table,
        id,
        content: { text, ...(conversation && { conversation }) },
      }))
    },
  }
})
