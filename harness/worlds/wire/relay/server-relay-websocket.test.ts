import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { frameBytes, OPCODE } from '../../../codec/websocket.ts'
import type { EventBody } from '../../../core/event.ts'
import type { InterceptionAct } from '../../../core/interception.ts'
import { markerText } from '../../../core/mark.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import { Gateway } from '../../../gateway/gateway.ts'
import { openServerRelay } from './server-relay.ts'
import type { ServerWatch } from './server-watch.ts'

const UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const idle = { admit: (task: () => void) => task(), received() {}, responded() {} }

const MARKED = `Hello ${markerText({ record: 'm1', opId: 'ana-1' })}`

interface Options {
  onMessage?(socket: WebSocket, text: string): void
  watch?: ServerWatch
}

/** A relay for ana before a server that echoes messages, and the gateway that it obeys. */
async function setUp({ onMessage = (socket, text) => socket.send(text), watch }: Options = {}) {
  const events: EventBody[] = []
  const received: string[] = []
  const http = createServer((_, response) => response.writeHead(404).end('no page'))
  const server = new WebSocketServer({ server: http })
  const sockets = new Set<Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (data) => {
      received.push(String(data))
      onMessage(socket, String(data))
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  let isStopped = false
  const stop = async () => {
    if (isStopped) return
    isStopped = true
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => http.close(resolve))
  }
  const timers: { readonly ms: number; readonly task: () => void }[] = []
  const gateway = new Gateway({
    after: (ms, task) => void timers.push({ ms, task }),
    kill: stop,
    emit: (event) => void events.push(event),
  })
  const elapse = () => {
    for (const { task } of timers.splice(0)) task()
  }
  const { port } = http.address() as AddressInfo
  const relay = await openServerRelay({ device: 'ana', gateway, port, watch })
  cleanups.push(stop)
  cleanups.push(() => relay.close())
  const intercept = (act: InterceptionAct) =>
    gateway.add('it', { match: { method: 'MESSAGE', marked: true }, act })
  return { relay, gateway, events, received, timers, elapse, intercept, stop, server, sockets }
}

async function open(port: number, path = '/room'): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    perMessageDeflate: false,
    headers: { [REQUEST_HEADER]: 'ana-r1' },
  })
  cleanups.push(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

const messageOn = async (socket: WebSocket) => (await once(socket, 'message'))[0] as Buffer
const closeOf = (socket: WebSocket) => once(socket, 'close').then(([code]) => code as number)
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1))
}

describe('a WebSocket through the relay before the server', () => {
  it('carries texts, bytes, pings and the close, of any length', async () => {
    const { relay, server } = await setUp()
    const socket = await open(relay.port)
    socket.send('a text')
    expect(String(await messageOn(socket))).toBe('a text')
    const long = 'x'.repeat(3_000_000)
    socket.send(long)
    expect(String(await messageOn(socket))).toBe(long)
    socket.ping('alive?')
    expect(String((await once(socket, 'pong'))[0])).toBe('alive?')
    const [there] = server.clients
    const closed = once(there as WebSocket, 'close')
    socket.close(4001, 'enough')
    expect(await closed).toEqual([4001, Buffer.from('enough')])
  })

  it('joins the fragments of a message, with a ping in between', async () => {
    const { relay, received } = await setUp()
    const socket = await open(relay.port)
    socket.send('first ', { fin: false })
    socket.ping()
    socket.send('second', { fin: true })
    expect(String(await messageOn(socket))).toBe('first second')
    expect(received).toEqual(['first second'])
  })

  it('gets a message that comes in single bytes as a whole', async () => {
    const { relay, received } = await setUp()
    const socket = connect(relay.port, '127.0.0.1')
    cleanups.push(() => socket.destroy())
    socket.write(UPGRADE)
    await once(socket, 'data')
    const frame = frameBytes(OPCODE.text, Buffer.from('slow'), Buffer.from([1, 2, 3, 4]))
    for (const byte of frame) {
      expect(received).toEqual([])
      socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => received.length === 1)
    expect(received).toEqual(['slow'])
  })

  it('passes on the response of a server that refuses, as an ordinary one', async () => {
    const { relay, server } = await setUp()
    server.shouldHandle = () => false
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/`)
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    expect(response.statusCode).toBe(400)
  })

  it('closes with the server, and the server with it', async () => {
    const { relay, server, stop } = await setUp()
    const socket = await open(relay.port)
    const [there] = server.clients
    const gone = closeOf(there as WebSocket)
    socket.terminate()
    expect(await gone).toBe(1006)
    const other = await open(relay.port)
    const closed = closeOf(other)
    await stop()
    expect(await closed).toBe(1006)
  })

  it('resets the sender as the server does', async () => {
    const { relay, sockets } = await setUp()
    const socket = connect(relay.port, '127.0.0.1')
    socket.write(UPGRADE)
    await once(socket, 'data')
    const failed = once(socket, 'error')
    for (const each of sockets) each.resetAndDestroy()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })

  it('slows down a sender whose bytes the server does not read', async () => {
    const { relay, sockets } = await setUp()
    const socket = await open(relay.port)
    for (const each of sockets) each.pause()
    for (let i = 0; i < 200; i++) socket.send(Buffer.alloc(100_000))
    // Until nothing moves any more.
    for (let still = 0, before = -1; still < 30; before = socket.bufferedAmount) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      still = before === socket.bufferedAmount ? still + 1 : 0
    }
    expect(socket.bufferedAmount).toBeGreaterThan(0)
    for (const each of sockets) each.resume()
    await until(() => socket.bufferedAmount === 0)
  })
})

describe('the gateway on messages', () => {
  it('loses what the server says after a marked one, until the connection breaks', async () => {
    const { relay, intercept, events, received, elapse, timers } = await setUp()
    intercept({ type: 'lose-response', breakAfter: 1000 })
    const socket = await open(relay.port)
    socket.send('unmarked')
    expect(String(await messageOn(socket))).toBe('unmarked')
    const later: string[] = []
    socket.on('message', (data) => later.push(String(data)))
    socket.send(Buffer.from(MARKED))
    socket.send('after it')
    await until(() => received.length === 3 && timers.length === 1)
    elapse()
    await until(() => timers.length === 1)
    expect(events).toEqual([
      { type: 'intercepted', requestId: 'ana-r1/2', moment: 'after', act: 'lose-response' },
    ])
    const closed = closeOf(socket)
    elapse()
    await closed
    expect(received).toEqual(['unmarked', MARKED, 'after it'])
    expect(later).toEqual([])
  })

  it('loses the answer also of a server that gives none', async () => {
    const { relay, intercept, events, elapse, timers } = await setUp({ onMessage: () => {} })
    intercept({ type: 'lose-response' })
    const socket = await open(relay.port)
    socket.send(MARKED)
    await until(() => timers.length === 1)
    elapse()
    await until(() => events.length === 1)
    expect(events[0]).toMatchObject({ act: 'lose-response' })
  })

  it('delays a message, and those after it', async () => {
    const { relay, intercept, received, elapse, timers } = await setUp()
    intercept({ type: 'delay', moment: 'before', ms: 500 })
    const socket = await open(relay.port)
    socket.send(MARKED)
    socket.send('second')
    await until(() => timers.length === 1)
    expect(received).toEqual([])
    elapse()
    await until(() => received.length === 2)
    expect(received).toEqual([MARKED, 'second'])
  })

  it('delivers a delayed message whose sender has closed the connection', async () => {
    const { relay, intercept, received, elapse, timers } = await setUp()
    intercept({ type: 'delay', moment: 'before', ms: 500 })
    const socket = await open(relay.port)
    socket.send(MARKED)
    await until(() => timers.length === 1)
    const closed = closeOf(socket)
    socket.terminate()
    await closed
    elapse()
    await until(() => received.length === 1)
  })

  it('breaks the connection before the server sees the message', async () => {
    const { relay, intercept, received } = await setUp()
    intercept({ type: 'reset', moment: 'before' })
    const socket = await open(relay.port)
    const closed = closeOf(socket)
    socket.send(MARKED)
    await closed
    expect(received).toEqual([])
  })

  it('kills the server when it is about to answer', async () => {
    const { relay, intercept, received, events, elapse, timers } = await setUp()
    intercept({ type: 'kill', moment: 'after', node: 'server' })
    const socket = await open(relay.port)
    const said: string[] = []
    socket.on('message', (data) => said.push(String(data)))
    const closed = closeOf(socket)
    socket.send(MARKED)
    await until(() => timers.length === 1)
    elapse()
    await closed
    expect([received, said]).toEqual([[MARKED], []])
    expect(events).toMatchObject([{ act: 'kill', victim: 'server', requestId: 'ana-r1/1' }])
  })
})

describe('a server that is watched', () => {
  it('has its holdings read before bytes leave, with one reading for all that wait', async () => {
    const story: string[] = []
    const readings: (() => void)[] = []
    const { relay } = await setUp({
      onMessage: (socket, text) => {
        socket.send(`${text} 1`)
        socket.send(`${text} 2`)
      },
      watch: {
        admit: (task) => task(),
        received: (requestId) => void story.push(`received ${requestId}`),
        responded: (requestId, status) => void story.push(`responded ${requestId} ${status}`),
        look: (then) => {
          story.push('look')
          readings.push(() => then(true))
          setImmediate(() => readings.shift()?.())
        },
      },
    })
    const socket = await open(relay.port)
    socket.on('message', (data) => story.push(String(data)))
    socket.send('hello')
    await until(() => story.includes('hello 2'))
    expect(story.slice(0, 5)).toEqual([
      'received ana-r1',
      'look',
      'responded ana-r1 101',
      'received ana-r1/1',
      'look',
    ])
    expect(story.at(-1)).toBe('hello 2')
  })

  it('breaks the connection if it died before the bytes could leave', async () => {
    let isAlive = true
    const { relay } = await setUp({
      watch: { ...idle, look: (then) => setImmediate(() => then(isAlive)) },
    })
    const socket = await open(relay.port)
    const said: unknown[] = []
    socket.on('message', (data) => said.push(data))
    isAlive = false
    const closed = closeOf(socket)
    socket.send('hello')
    await closed
    expect(said).toEqual([])
  })
})
