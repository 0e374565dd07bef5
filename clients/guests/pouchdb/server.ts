import { createServer } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import mapReduce from 'pouchdb-mapreduce'
import replication from 'pouchdb-replication'
import { guestServer } from '../../../harness/guest/guest.ts'
import { fileDown } from './file-down.ts'

const about = { name: 'express-pouchdb', title: 'express-pouchdb 4.2 on express 4' }

export default guestServer(about, ({ port, folder }) => {
  const Database = PouchDB.plugin(memory)
    .plugin(mapReduce)
    .plugin(replication)
    .defaults({ adapter: 'memory', db: fileDown(folder) })
  const app = express()
  app.use(
    '/db',
    expressPouchDB(Database, {
      mode: 'minimumForPouchDB',
      inMemoryConfig: true,
      logPath: join(folder, 'log.txt'),
    }),
  )
  createServer(app).listen(port)

  const database = new Database('app')
  return {
    async dump() {
      const { rows } = await database.allDocs({ include_docs: true })
      return rows.map(({ doc: { _id, _rev, ...content } }) => {
        const [collection, id] = _id.split(':')
        return { collection, id, content }
      })
    },
  }
})
