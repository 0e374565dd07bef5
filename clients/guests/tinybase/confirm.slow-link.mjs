// A socket that has reconnected must negotiate its channels again. The answer may take a second
// (requestTimeoutSeconds): on a slower link the channel fails, and is never tried again.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server'
import { WebSocket, WebSocketServer } from 'ws'
import { conclude } from '../lossy-server.mjs'

const listening = new WebSocketServer({ port: 0 })
createWsServer(listening, () => undefined)
const { port } = listening.address()
let delay = 0
const sockets = new Set()
const proxy = createServer((near) => {
  const far = connect(port)
  far.on('data', (bytes) => setTimeout(() => near.write(bytes), delay))
  near.on('data', (bytes) => far.write(bytes))
  for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
}).listen(0)
await once(proxy, 'listening')

async function phone(atPort) {
  const store = createMergeableStore()
  const url = `ws://127.0.0.1:${atPort}/phones`
  const socket = new ReconnectingWebSocket(url, 'tinybase', { WebSocket })
  const synchronizer = await createWsSynchronizer(store, socket, 'app')
  await synchronizer.startSync()
  socket.addEventListener('open', () => synchronizer.load().then(() => synchronizer.save()))
  return { store, socket }
}
const ana = await phone(proxy.address().port)
const ben = await phone(port)
await sleep(1500)
delay = 1500
const opened = once(ana.socket, 'open')
for (const socket of sockets) socket.destroy()
await opened
await sleep(4000)
delay = 0 // the link is fast again, and the connection is open
ana.store.setCell('messages', 'm1', 'text', 'from ana')
await sleep(20_000)
conclude(
  !ben.store.hasRow('messages', 'm1') && ana.socket.readyState === 1,
  `20 s on a fast link; readyState of ana's socket: ${ana.socket.readyState}`,
  `ben has ${JSON.stringify(ben.store.getTables())}`,
)
