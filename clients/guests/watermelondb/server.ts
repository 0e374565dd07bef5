import { createServer } from 'node:http'
import express from 'express'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'

const about = {
  name: 'watermelondb-backend',
  title: 'express, after "Implementing your Sync backend"',
}

export default guestServer(about, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { now: 1, messages: {}, notes: {} })
  const tables = ['messages', 'notes']
  const rowsOf = (table: string) => Object.values(data[table])
  const app = express().use(express.json())
  app.get('/sync', ({ query }, response) => {
    const since = Number(query.last_pulled_at) || 0
    const changesOf = (table: string) => {
      const changed = rowsOf(table).filter(({ modified }) => modified > since)
      const present = changed.filter(({ deleted }) => !deleted)
      return {
        created: present.filter(({ created }) => created > since).map(({ raw }) => raw),
        updated: present.filter(({ created }) => created <= since).map(({ raw }) => raw),
        deleted: changed.filter(({ deleted }) => deleted).map(({ raw }) => raw.id),
      }
    }
    const changes = Object.fromEntries(tables.map((table) => [table, changesOf(table)]))
    response.json({ changes, timestamp: data.now })
  })
  app.post('/sync', ({ query, body }, response) => {
    const since = Number(query.last_pulled_at) || 0
    const stale = (table: string, id: string) => data[table][id]?.modified > since
    for (const [table, { updated, deleted }] of Object.entries(body)) {
      // A record that an earlier push has created is no conflict: "you MUST update it".
      if (updated.some(({ id }) => stale(table, id)) || deleted.some((id) => stale(table, id)))
        return response.status(409).json({ error: 'changed since last_pulled_at' })
    }
    data.now += 1
    for (const [table, { created, updated, deleted }] of Object.entries(body)) {
      for (const { _status, _changed, ...raw } of [...created, ...updated])
        data[table][raw.id] = {
          raw,
          modified: data.now,
          created: data[table][raw.id]?.created ?? data.now,
        }
      for (const id of deleted)
        if (data[table][id]) Object.assign(data[table][id], { deleted: true, modified: data.now })
    }
    save()
    response.json({})
  })
  createServer(app).listen(port)

  const dump = () =>
    tables.flatMap((collection) =>
      rowsOf(collection)
        .filter(({ deleted }) => !deleted)
        .map(({ raw: { id, text, conversation } }) => ({
          collection,
          id,
          content: { text, ...(conversation && { conversation }) },
        })),
    )
  return { dump }
})
