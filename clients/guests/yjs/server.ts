import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { docs, setPersistence, setupWSConnection } from '@y/websocket-server/utils'
import { WebSocketServer } from 'ws'
import * as Y from 'yjs'
import { guestServer } from '../../../harness/guest/guest.ts'

// The package's own server.js, with its hook for a storage bound to a file.
export default guestServer({ name: 'y-websocket' }, ({ port, folder }) => {
  const file = `${folder}/app.bin`
  setPersistence({
    bindState(_name: string, doc: Y.Doc) {
      if (existsSync(file)) Y.applyUpdate(doc, readFileSync(file))
      doc.on('update', () => writeFileSync(file, Y.encodeStateAsUpdate(doc)))
    },
    writeState: async () => {},
    provider: null,
  })
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('connection', setupWSConnection)
  const server = createServer((_request, response) => response.end('okay'))
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request)
    })
  })
  server.listen(port)
  return {
    dump() {
      const doc = docs.get('app') ?? new Y.Doc()
      if (!docs.has('app') && existsSync(file)) Y.applyUpdate(doc, readFileSync(file))
      return ['messages', 'notes'].flatMap((collection) =>
        [...doc.getMap<Record<string, string>>(collection)].map(([id, content]) => ({
          collection,
          id,
          content,
        })),
      )
    },
  }
})
