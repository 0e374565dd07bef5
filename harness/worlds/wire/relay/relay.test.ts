import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  Agent,
  createServer as createHttpServer,
  type IncomingMessage,
  request as open,
  type RequestListener,
  type RequestOptions,
} from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Exchange } from './exchange.ts'
import { CONNECTIONS_MAX, type RelayLimit, WAITING_BREAK } from './limits.ts'
import { Relay } from './relay.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Starts a server, and a relay before it that passes everything on. */
async function relayTo(
  server: Server,
  isTied = false,
  onLimit?: (limit: RelayLimit) => void,
  answered = (exchange: Exchange) => exchange.stream(),
): Promise<Relay> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const relay = await Relay.open({
    upstream: { host: '127.0.0.1', port },
    isTied: () => isTied,
    ...(onLimit && { onLimit }),
    onRequest: (exchange) => {
      exchange.listen({ answered: () => answered(exchange) })
      exchange.forward()
    },
  })
  cleanups.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  cleanups.push(() => relay.close())
  return relay
}

const httpServer = (handle: RequestListener) => createHttpServer({ keepAliveTimeout: 0 }, handle)
const rawServer = (onConnection: (socket: Socket) => void) => createServer(onConnection)

async function bodyOf(message: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function send(
  { port }: Relay,
  options: RequestOptions = {},
  body?: Buffer | string,
): Promise<IncomingMessage> {
  const outgoing = open({ host: '127.0.0.1', port, agent: false, ...options })
  outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return response
}

/** Sends raw bytes. Resolves to everything that comes back, and to how the connection ended. */
function sendRaw({ port }: Relay, text: string): Promise<{ text: string; end: string }> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  let end = 'closed'
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code ?? 'error'
  })
  socket.write(text)
  return new Promise((resolve) => socket.on('close', () => resolve({ text: received, end })))
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a relay', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'passes %s with its body and headers on unchanged, and the response back',
    async (method) => {
      const body = randomBytes(100_000)
      const relay = await relayTo(
        httpServer(async (request, response) => {
          const received = await bodyOf(request)
          response.sendDate = false
          response.writeHead(299, 'Quite fine', [
            ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
            ...['X-Method', `${request.method}`, 'X-Path', `${request.url}`],
            ...['X-Twice', `${request.headers['x-twice']}`],
            ...['X-Framing', request.headers['transfer-encoding'] ?? 'length'],
          ])
          response.end(Buffer.concat([received, received]))
        }),
      )
      for (const framing of ['length', 'chunked']) {
        const headers = [
          ...['Host', 'somewhere', 'x-twice', '1', 'X-Twice', '2'],
          ...(framing === 'chunked'
            ? ['Transfer-Encoding', 'chunked']
            : ['Content-Length', String(body.length)]),
        ]
        const response = await send(
          relay,
          { method, path: '/a%20b?c=%E2', headers: headers as never },
          body,
        )
        expect(response.statusCode).toBe(299)
        expect(response.statusMessage).toBe('Quite fine')
        expect(response.headers).toEqual({
          'set-cookie': ['a=1', 'b=2'],
          'x-method': method,
          'x-path': '/a%20b?c=%E2',
          'x-twice': '1, 2',
          'x-framing': framing,
          'transfer-encoding': 'chunked',
          connection: 'close',
        })
        expect((await bodyOf(response)).equals(Buffer.concat([body, body]))).toBe(true)
      }
    },
  )

  it('passes responses without a body on: HEAD, 204 and 304', async () => {
    const relay = await relayTo(
      httpServer((request, response) => {
        const status = Number(request.url?.slice(1))
        response.writeHead(status, status === 204 ? {} : { 'content-length': '7', etag: '"1"' })
        response.end()
      }),
    )
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    cleanups.push(() => agent.destroy())
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const response = await send(relay, { method, path: `/${status}`, agent })
      expect(response.statusCode).toBe(status)
      expect(response.headers['content-length']).toBe(status === 204 ? undefined : '7')
      expect((await bodyOf(response)).length).toBe(0)
    }
  })

  it('has one connection to the server for each connection to itself', async () => {
    const server = httpServer((request, response) => {
      response.end(String(request.socket.remotePort))
    })
    const relay = await relayTo(server)
    const agents = [1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1 }))
    cleanups.push(() => {
      for (const agent of agents) agent.destroy()
    })
    const ports: string[][] = [[], []]
    for (const _ of [1, 2, 3])
      for (const [i, agent] of agents.entries())
        ports[i]?.push(String(await bodyOf(await send(relay, { agent }))))
    expect(ports.map((each) => new Set(each).size)).toEqual([1, 1])
    expect(ports[0]?.[0]).not.toBe(ports[1]?.[0])
  })

  it('passes a response on while it arrives', async () => {
    let finish = () => {}
    const relay = await relayTo(
      httpServer((_, response) => {
        response.write('first')
        finish = () => response.end('last')
      }),
    )
    const response = await send(relay)
    const [first] = (await once(response, 'data')) as [Buffer]
    expect(String(first)).toBe('first')
    finish()
    expect(String(await bodyOf(response))).toBe('last')
  })

  it.each(['whole', 'in two parts'])(
    'passes on a body that has arrived %s when each part waits before it leaves',
    async (how) => {
      const streamLater = (exchange: Exchange) => {
        if (how === 'whole' && !exchange.isAnsweredWhole) setImmediate(() => streamLater(exchange))
        else exchange.stream((pass) => void setImmediate(() => setImmediate(pass)))
      }
      const relay = await relayTo(
        httpServer((_, response) => {
          response.writeHead(200, { 'content-length': '9' })
          response.write('first')
          setImmediate(() => response.end('last'))
        }),
        ...([false, undefined, streamLater] as const),
      )
      expect(String(await bodyOf(await send(relay)))).toBe('firstlast')
    },
  )

  it('reads no faster than the sender does, and the server writes no faster', async () => {
    const total = 128 * 1024 * 1024
    const chunk = randomBytes(256 * 1024)
    let written = 0
    const relay = await relayTo(
      httpServer(async (_, response) => {
        response.writeHead(200, { 'content-length': String(total) })
        for (; written < total; written += chunk.length)
          if (!response.write(chunk)) await once(response, 'drain')
        response.end()
      }),
    )
    let received = 0
    let ahead = 0
    for await (const piece of await send(relay)) {
      received += (piece as Buffer).length
      ahead = Math.max(ahead, written - received)
    }
    expect(received).toBe(total)
    expect(ahead).toBeLessThan(total / 2)
  })

  it('asks for the body of a request that expects 100 Continue', async () => {
    const relay = await relayTo(
      httpServer(async (request, response) => {
        response.end(`${request.headers.expect} ${await bodyOf(request)}`)
      }),
    )
    const outgoing = open({
      host: '127.0.0.1',
      port: relay.port,
      agent: false,
      method: 'POST',
      headers: { expect: '100-continue' },
    })
    outgoing.flushHeaders()
    await once(outgoing, 'continue')
    outgoing.end('body')
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(String(await bodyOf(response))).toBe('undefined body')
  })

  it('passes trailers on', async () => {
    const relay = await relayTo(
      httpServer((_, response) => {
        response.writeHead(200, { trailer: 'X-Sum' })
        response.write('text')
        response.addTrailers({ 'X-Sum': '42' })
        response.end()
      }),
    )
    const response = await send(relay)
    await bodyOf(response)
    expect(response.trailers).toEqual({ 'x-sum': '42' })
  })

  it.each([
    ['by its length', 'Content-Length: 100\r\n\r\nfirst'],
    ['by its chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n'],
    ['by its length, before its first byte', 'Content-Length: 100\r\n\r\n'],
  ])('passes a response that is cut on as the same cut, %s', async (_, rest) => {
    const relay = await relayTo(
      rawServer((socket) => {
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`))
      }),
    )
    const { text, end } = await sendRaw(relay, GET)
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(text.endsWith('first')).toBe(rest.includes('first') && !rest.includes('chunked'))
    expect(text.includes('first')).toBe(rest.includes('first'))
    expect(text).not.toContain('\r\n0\r\n')
    expect(end).toBe('closed')
  })

  it('passes a body on that ends with the connection', async () => {
    const relay = await relayTo(
      rawServer((socket) => {
        socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))
      }),
    )
    const { text, end } = await sendRaw(relay, GET)
    expect(text).toMatch(/\r\n\r\nall of it$/)
    expect(text).not.toContain('chunked')
    expect(end).toBe('closed')
  })

  it.each([
    ['closes', 'closed', (socket: Socket) => socket.destroy()],
    ['resets', 'ECONNRESET', (socket: Socket) => socket.resetAndDestroy()],
  ])('breaks the connection in the same way when the server %s it', async (_, end, breakOff) => {
    const relay = await relayTo(
      rawServer((socket) => {
        socket.once('data', () => breakOff(socket))
      }),
    )
    expect(await sendRaw(relay, GET)).toEqual({ text: '', end })
  })

  it('closes an idle connection when the server closes its own', async () => {
    let closeIdle = () => {}
    const relay = await relayTo(
      rawServer((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
        closeIdle = () => socket.end()
      }),
    )
    const socket = connect(relay.port, '127.0.0.1')
    socket.write(GET)
    await once(socket, 'data')
    closeIdle()
    await once(socket, 'close')
  })

  it('closes the connection to the server when the sender hangs up', async () => {
    let closed: Promise<unknown> | undefined
    const relay = await relayTo(
      httpServer((request) => {
        closed = once(request.socket, 'close')
        sender.destroy()
      }),
    )
    const sender = connect(relay.port, '127.0.0.1')
    sender.write(GET)
    await once(sender, 'close')
    await closed
  })

  it('breaks a connection at once that belongs to a server that is dead', async () => {
    const server = rawServer(() => {})
    const relay = await relayTo(server, true)
    await new Promise((resolve) => server.close(resolve))
    expect(await sendRaw(relay, '')).toEqual({ text: '', end: 'closed' })
  })

  it.each([
    ['a sender that does not speak HTTP', 'hello\r\n\r\n', undefined],
    ['a request that is cut', 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf', undefined],
    ['a server that does not speak HTTP', GET, 'hello\r\n\r\n'],
    ['a server that sends a status that is none', GET, 'HTTP/1.1 42 What\r\n\r\n'],
    ['a response with a wrong length', GET, 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
  ])('survives %s', async (_, request, reply) => {
    const relay = await relayTo(
      rawServer((socket) => {
        socket.once('data', () => socket.end(reply ?? ''))
      }),
    )
    if (request.endsWith('half')) {
      const sender = connect(relay.port, '127.0.0.1')
      sender.end(request)
      sender.resume()
      await once(sender, 'close')
    } else expect((await sendRaw(relay, request)).text).not.toContain('hello')
    const again = connect(relay.port, '127.0.0.1')
    await once(again, 'connect')
    again.destroy()
  })

  it('ignores the offer of HTTP/2, and reads the body after it', async () => {
    const relay = await relayTo(
      httpServer(async (request, response) => {
        response.end(`upgrade ${request.headers.upgrade}, ${await bodyOf(request)}`)
      }),
    )
    const headers = { connection: 'upgrade, http2-settings', upgrade: 'h2c' }
    const answer = await send(relay, { method: 'POST', headers }, 'a body')
    expect(String(await bodyOf(answer))).toBe('upgrade undefined, a body')
  })

  it('closes its port and all connections at its end', async () => {
    const relay = await relayTo(httpServer(() => {}))
    const sender = connect(relay.port, '127.0.0.1')
    sender.on('error', () => {})
    const closed = new Promise((resolve) => sender.on('close', resolve))
    sender.write(GET)
    await once(sender, 'connect')
    await relay.close()
    await closed
    expect((await sendRaw(relay, '')).end).toBe('ECONNREFUSED')
  })
})

describe('a sender without measure', () => {
  it('loses a connection with many requests and no response, and others go on', async () => {
    const limits: RelayLimit[] = []
    const server = httpServer((request, response) => {
      if (request.url === '/other') response.end('ok')
    })
    const relay = await relayTo(server, false, (limit) => void limits.push(limit))
    for (let i = 0; i < 2; i++)
      await sendRaw(relay, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(WAITING_BREAK))
    expect(limits).toEqual(['requests'])
    expect((await send(relay, { path: '/other' })).statusCode).toBe(200)
  })

  it('gets every response to fewer requests that it sends at once', async () => {
    let count = 0
    const server = httpServer((_, response) => response.end(`number ${++count};`))
    const relay = await relayTo(server)
    const many = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(WAITING_BREAK - 2)
    const { text } = await sendRaw(
      relay,
      `${many}GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    )
    const numbers = [...text.matchAll(/number (\d+);/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(Array.from({ length: WAITING_BREAK - 1 }, (_, i) => i + 1))
  })

  it('gets no further connection than the most', async () => {
    const limits: RelayLimit[] = []
    const relay = await relayTo(
      httpServer((_, response) => response.end()),
      false,
      (limit) => void limits.push(limit),
    )
    const open = () => connect(relay.port, '127.0.0.1').on('error', () => {})
    const sockets = Array.from({ length: CONNECTIONS_MAX + 2 }, open)
    cleanups.push(() => sockets.forEach((socket) => void socket.destroy()))
    while (limits.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(limits).toEqual(['connections'])
  })
})
