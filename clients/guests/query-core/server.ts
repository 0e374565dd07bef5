import { createServer } from 'node:http'
import express from 'express'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'

const about = { name: 'rest', title: 'express, REST without idempotency keys' }

/** An express app as anybody writes one: POST makes an id if there is none, PUT overwrites. */
export default guestServer(about, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { last: 0, messages: {}, notes: {} })
  const app = express().use(express.json())
  app.get('/:collection', ({ params }, response) => {
    const rows = Object.entries(data[params.collection])
    response.json(rows.map(([id, content]) => ({ id, ...content })))
  })
  app.post('/:collection', ({ params, body }, response) => {
    data.last += 1
    const { id = `s${data.last}`, ...content } = body
    data[params.collection][id] = content
    save()
    response.status(201).json({ id })
  })
  app.put('/:collection/:id', ({ params, body }, response) => {
    if (!data[params.collection][params.id]) return response.status(404).json({})
    data[params.collection][params.id] = body
    save()
    response.json({ id: params.id })
  })
  app.delete('/:collection/:id', ({ params }, response) => {
    delete data[params.collection][params.id]
    save()
    response.json({})
  })
  createServer(app).listen(port)

  const dump = () =>
    ['messages', 'notes'].flatMap((collection) =>
      Object.entries(data[collection]).map(([id, content]) => ({ collection, id, content })),
    )
  return { dump }
})
