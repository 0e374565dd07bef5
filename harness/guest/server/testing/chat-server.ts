import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { guestServer } from '../../../guest/guest.ts'

/** Sends each message of a WebSocket to all, and the time of each second to those at /events. */
export default guestServer({ name: 'chat' }, ({ port }) => {
  const said: string[] = []
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const timer = setInterval(() => response.write(`data: ${new Date().toISOString()}\n\n`), 1000)
    response.on('close', () => clearInterval(timer))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      said.push(String(data))
      for (const each of sockets.clients) each.send(String(data).toUpperCase())
    })
  })
  server.listen(port)
  return {
    dump: () =>
      said.map((text, i) => ({ collection: 'messages', id: String(i), content: { text } })),
  }
})
