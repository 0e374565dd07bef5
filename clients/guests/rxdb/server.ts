import { createServer } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import express from 'express'
import { Subject } from 'rxjs'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'

const about = { name: 'rxdb-http', title: 'express, with push, pull and pullStream' }

/** The endpoints of "HTTP Replication", with a sequence as checkpoint and deep comparison. */
export default guestServer(about, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { last: 0, messages: {}, notes: {} })
  const streams = { messages: new Subject(), notes: new Subject() }
  const app = express().use(express.json())
  app.get('/:collection/pull', ({ params, query }, response) => {
    const since = Number(query.seq)
    const found = Object.values(data[params.collection])
      .filter(({ seq }) => seq > since)
      .sort((a, b) => a.seq - b.seq)
      .slice(0, Number(query.limit))
    response.json({
      documents: found.map(({ document }) => document),
      checkpoint: { seq: found.at(-1)?.seq ?? since },
    })
  })
  app.post('/:collection/push', ({ params, body }, response) => {
    const stored = data[params.collection]
    const conflicts = []
    const documents = []
    for (const { newDocumentState, assumedMasterState } of body) {
      const master = stored[newDocumentState.id]?.document
      if (master && !isDeepStrictEqual(master, assumedMasterState)) {
        conflicts.push(master)
        continue
      }
      data.last += 1
      stored[newDocumentState.id] = { document: newDocumentState, seq: data.last }
      documents.push(newDocumentState)
    }
    save()
    if (documents.length > 0)
      streams[params.collection].next({ documents, checkpoint: { seq: data.last } })
    response.json(conflicts)
  })
  app.get('/:collection/pullStream', (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    response.flushHeaders()
    const subscription = streams[request.params.collection].subscribe((event) =>
      response.write(`data: ${JSON.stringify(event)}\n\n`),
    )
    request.on('close', () => subscription.unsubscribe())
  })
  createServer(app).listen(port)

  const dump = () =>
    ['messages', 'notes'].flatMap((collection) =>
      Object.values(data[collection])
        .filter(({ document }) => !document._deleted)
        .map(({ document: { id, _deleted, ...content } }) => ({ collection, id, content })),
    )
  return { dump }
})
