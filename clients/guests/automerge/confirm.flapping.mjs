// A phone whose connections break again and again, on a slow link, for half a minute. Then the link
// is well. Counts what is sent in the next twenty seconds, when nobody writes.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import * as Automerge from '@automerge/automerge'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { WebSocketServer } from 'ws'
import { conclude } from '../lossy-server.mjs'

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const docId = 'wVnHLTEfGvyV8CPyburSV4bt5Kg'
const listening = new WebSocketServer({ port: 0 })
const server = new Repo({
  network: [new WebSocketServerAdapter(listening)],
  sharePolicy: async () => false,
})
server.import(Automerge.save(Automerge.from({ messages: {} }, '00')), { docId })

let flaky = true
let chunks = 0
const proxy = createServer((near) => {
  const far = connect(listening.address().port)
  const late = (to) => (bytes) => {
    chunks += 1
    setTimeout(() => to.write(bytes), flaky ? 100 + Math.random() * 1000 : 0)
  }
  near.on('data', late(far))
  far.on('data', late(near))
  for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => {}).on('close', () => setTimeout(() => other.destroy(), flaky ? 3000 : 0))
  if (flaky && Math.random() < 0.5) setTimeout(() => near.destroy(), 400 + Math.random() * 4000)
}).listen(0)
await once(proxy, 'listening')
const phone = (port) =>
  new Repo({ network: [new WebSocketClientAdapter(`ws://127.0.0.1:${port}`, 1000)] })
const open = async (port) => phone(port).find(`automerge:${docId}`)
const ben = await open(listening.address().port)
flaky = false
const ana = await open(proxy.address().port)
flaky = true
for (let n = 1; n <= 15; n++) {
  for (const [name, handle] of [['ana', ana], ['ben', ben]]) {
    handle.change((doc) => {
      doc.messages[`${name}-${n}`] = { text: `${name} ${n}` }
    })
  }
  if (n % 3 === 0) for (const socket of listening.clients) if (Math.random() < 0.5) socket._socket?.destroy()
  await sleep(2000)
}
flaky = false
await sleep(15_000)
chunks = 0
await sleep(20_000)
const [mine, bens] = [ana, ben].map((handle) => Object.keys(handle.doc().messages).length)
conclude(chunks > 200 || mine < 30, `ana has ${mine} of 30 messages, ben ${bens}; chunks in 20 s: ${chunks}`)
