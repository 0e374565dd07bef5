import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import express from 'express'
import { guestServer } from '../../../harness/guest/guest.ts'

type Row = { id: string; text: string; conversation?: string }

// "The server must accept the same idempotency key on repeated requests."
export default guestServer({ name: 'rest-with-keys' }, ({ port, folder }) => {
  const file = `${folder}/data.json`
  const data: { rows: Record<string, Record<string, Row>>; seen: string[] } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { rows: { messages: {}, notes: {} }, seen: [] }
  const app = express().use(express.json())
  app.get('/:table', ({ params }, response) => {
    response.json(Object.values(data.rows[params.table] ?? {}))
  })
  app.use((request, response, next) => {
    if (data.seen.includes(request.get('Idempotency-Key') ?? '')) response.json({})
    else next()
  })
  const write = (change: (rows: Record<string, Row>, id: string, body: Row) => number) =>
    ((request, response) => {
      const { table, id } = request.params as Record<string, string>
      const rows = data.rows[table ?? ''] ?? {}
      const status = change(rows, id ?? request.body.id, request.body)
      data.seen.push(request.get('Idempotency-Key') ?? '')
      writeFileSync(file, JSON.stringify(data))
      response.status(status).json({})
    }) as express.RequestHandler
  const put = (rows: Record<string, Row>, id: string, body: Row) => {
    rows[id] = body
    return 200
  }
  app.post('/:table', write(put))
  app.put(
    '/:table/:id',
    write((rows, id, body) => (rows[id] ? put(rows, id, body) : 404)),
  )
  app.delete(
    '/:table/:id',
    write((rows, id) => {
      delete rows[id]
      return 200
    }),
  )
  app.listen(port)
  return {
    dump: () =>
      Object.entries(data.rows).flatMap(([collection, rows]) =>
        Object.values(rows).map(({ id, ...content }) => ({ collection, id, content })),
      ),
  }
})
