// Two phones, TinyBase's own server. One phone's connection breaks; while it is away the other
// writes. After the reconnection, does the phone that was away ever get what it missed?
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import ReconnectingWebSocket from 'reconnecting-websocket'
import { createMergeableStore } from 'tinybase'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server'
import { WebSocket, WebSocketServer } from 'ws'

const listening = new WebSocketServer({ port: 0 })
createWsServer(listening, () => undefined)
const { port } = listening.address()

// Ana's way to the server: a proxy that can be a tunnel.
const sockets = new Set()
let tunnel = false
const proxy = createServer((near) => {
  if (tunnel) return near.destroy()
  const far = connect(port)
  for (const [one, other] of [
    [near, far],
    [far, near],
  ]) {
    sockets.add(one)
    one.pipe(other)
    one.on('error', () => {}).on('close', () => other.destroy())
  }
}).listen(0)

async function phone(name, atPort) {
  const store = createMergeableStore()
  const socket = new ReconnectingWebSocket(`ws://127.0.0.1:${atPort}/app`, [], { WebSocket })
  const log =
    (way) =>
    (...m) =>
      process.env.LOG &&
      console.log(Date.now() % 100000, name, way, JSON.stringify(m).slice(0, 150))
  const synchronizer = await createWsSynchronizer(store, socket, undefined, log('->'), log('<-'))
  await synchronizer.startSync()
  socket.addEventListener('open', () => synchronizer.load().then(() => synchronizer.save()))
  return store
}
const ana = await phone('ana', proxy.address().port)
const ben = await phone('ben', port)
ana.setCell('messages', 'm1', 'text', 'before the tunnel')
await sleep(2500)
tunnel = true
for (const socket of sockets) socket.destroy()
ana.setCell('messages', 'm2', 'text', 'from ana, in the tunnel')
ben.setCell('messages', 'm3', 'text', 'from ben, meanwhile')
await sleep(3000)
tunnel = false
await sleep(25000)
console.log(
  'ana shows',
  Object.keys(ana.getTable('messages')),
  '· ben shows',
  Object.keys(ben.getTable('messages')),
)
const isMissed = !ana.hasRow('messages', 'm3')
console.log(
  isMissed ? 'CONFIRMED: after the reconnection ana never gets m3' : 'not confirmed: ana has m3',
)
process.exit(isMissed ? 0 : 1)
