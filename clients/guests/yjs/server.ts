import { createServer } from 'node:http'
import { docs, setupWSConnection } from '@y/websocket-server/utils'
import { WebSocketServer } from 'ws'
import { guestServer } from '../../../harness/guest/guest.ts'

// The package's own server.js without its environment variables, so that the document can be read.
export default guestServer({ name: 'y-websocket' }, ({ port }) => {
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
    dump: () =>
      ['messages', 'notes'].flatMap((collection) =>
        [...(docs.get('app')?.getMap(collection) ?? [])].map(([id, content]) => ({
          collection,
          id: String(id),
          content,
        })),
      ),
  }
})
