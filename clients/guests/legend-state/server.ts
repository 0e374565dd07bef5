import { createServer } from 'node:http'
import express from 'express'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'

const about = { name: 'legend-state-rest', title: 'express, rows with createdAt and updatedAt' }

/** Sets `createdAt` and `updatedAt` itself and keeps deleted rows, as "Sync only diffs" asks. */
export default guestServer(about, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { last: 0, messages: {}, notes: {} })
  const app = express().use(express.json())
  app.get('/:collection', ({ params, query }, response) => {
    const rows = Object.values(data[params.collection])
    response.json(rows.filter(({ updatedAt }) => updatedAt > Number(query.since)))
  })
  const store = ({ params, body }, response) => {
    // No two rows share a moment: a list since the newest of them would miss the other.
    data.last = Math.max(Date.now(), data.last + 1)
    const rows = data[params.collection]
    const createdAt = rows[body.id]?.createdAt ?? data.last
    rows[body.id] = { ...rows[body.id], ...body, createdAt, updatedAt: data.last }
    save()
    response.json(rows[body.id])
  }
  app.post('/:collection', store)
  app.put('/:collection/:id', store)
  createServer(app).listen(port)

  const dump = () =>
    ['messages', 'notes'].flatMap((collection) =>
      Object.values(data[collection])
        .filter(({ deleted }) => !deleted)
        .map(({ id, createdAt, updatedAt, deleted, ...content }) => ({ collection, id, content })),
    )
  return { dump }
})
