import PouchDB from 'pouchdb'
import upsert from 'pouchdb-upsert'
import { guest } from '../../../harness/guest/guest.ts'

PouchDB.plugin(upsert)

// Live replication with retry waits up to ten minutes between two attempts (PouchDB's default).
const about = { name: 'pouchdb', title: 'PouchDB 9, live sync', durable: true, recovery: 660_000 }

export default guest(about, ({ server }) => {
  const local = new PouchDB('app')
  local.sync(new PouchDB(`${server}/db/app`), { live: true, retry: true })

  return {
    async perform({ type, collection, record, content }) {
      const id = `${collection}:${record}`
      if (type === 'create') await local.put({ _id: id, ...content })
      if (type === 'update') await local.upsert(id, (doc) => ({ ...doc, ...content }))
      if (type === 'delete') await local.upsert(id, (doc) => ({ ...doc, _deleted: true }))
    },
    async view() {
      const { rows } = await local.allDocs({ include_docs: true })
      return rows.map(({ doc: { _id, _rev, ...content } }) => {
        const [collection, id] = _id.split(':')
        return { collection, id, content }
      })
    },
  }
})
