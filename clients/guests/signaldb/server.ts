import { createServer } from 'node:http'
import express from 'express'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'

const about = { name: 'signaldb-rest', title: 'express, REST with the ids of the clients' }

/** The endpoints of "Simple RESTful API": items come with their ids: a repeat changes nothing. */
export default guestServer(about, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { messages: {}, notes: {} })
  const app = express().use(express.json())
  app.get('/:collection', ({ params }, response) => {
    response.json(Object.values(data[params.collection]))
  })
  const store = ({ method, params, body }, response) => {
    if (method === 'PUT' && !data[params.collection][body.id]) return response.status(404).end()
    data[params.collection][body.id] = body
    save()
    response.json(body)
  }
  app.post('/:collection', store)
  app.put('/:collection', store)
  app.delete('/:collection', ({ params, body }, response) => {
    delete data[params.collection][body.id]
    save()
    response.json({})
  })
  createServer(app).listen(port)

  const dump = () =>
    ['messages', 'notes'].flatMap((collection) =>
      Object.values(data[collection]).map(({ id, ...content }) => ({ collection, id, content })),
    )
  return { dump }
})
