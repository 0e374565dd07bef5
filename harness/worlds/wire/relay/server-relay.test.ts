import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request as open,
  type RequestListener,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { EventBody } from '../../../core/event.ts'
import type { InterceptionAct } from '../../../core/interception.ts'
import { markerText } from '../../../core/mark.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import { Gateway } from '../../../gateway/gateway.ts'
import { openServerRelay } from './server-relay.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const MARKED = JSON.stringify({ text: `Hello ${markerText({ record: 'm1', opId: 'ana-1' })}` })

/** A relay for ana before a server, and the gateway whose decisions it carries out. */
async function setUp(handle: RequestListener) {
  const events: EventBody[] = []
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const gateway = new Gateway({
    after: (_ms, task) => void setImmediate(task),
    kill: stop,
    emit: (event) => void events.push(event),
  })
  const { port } = server.address() as AddressInfo
  const relay = await openServerRelay({ device: 'ana', gateway, port })
  cleanups.push(stop)
  cleanups.push(() => relay.close())
  return { gateway, port: relay.port, events, seen, stop }
}

interface Reply {
  readonly response: IncomingMessage
  readonly body: Buffer
}

/** Sends a request. Rejects if its connection breaks. */
function send(
  port: number,
  { body = '', ...headers }: Record<string, string> & { body?: string | Buffer } = {} as never,
  path = '/',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = open({
      host: '127.0.0.1',
      port,
      agent: false,
      method: 'POST',
      path,
      headers: { [REQUEST_HEADER]: 'r1', ...headers },
    })
    outgoing.on('error', reject)
    outgoing.on('response', async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      resolve({ response, body: Buffer.concat(chunks) })
    })
    outgoing.end(body)
  })
}

const respond = (
  moment: 'before' | 'after',
  status: number,
  body: 'kept' | 'cut' | { readonly text: string },
  headers = {},
): InterceptionAct => ({ type: 'respond', moment, replacement: { status, headers, body } })

describe('the relay before a server', () => {
  it.each([
    ['plain', MARKED, undefined],
    ['gzip', gzipSync(MARKED), 'gzip'],
    ['br', brotliCompressSync(MARKED), 'br'],
    ['deflate', deflateSync(MARKED), 'deflate'],
    ['twice encoded', brotliCompressSync(gzipSync(MARKED)), 'gzip, br'],
  ])('recognises a marked write in a body that is %s', async (_, body, encoding) => {
    const { gateway, port } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', {
      match: { device: 'ana', marked: true },
      act: respond('before', 503, { text: 'not now' }),
    })
    const marked = await send(port, {
      body: body as string,
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    })
    expect(marked.response.statusCode).toBe(503)
    for (const unmarked of ['{}', 'not gzip at all'])
      expect(
        (await send(port, { body: unmarked, 'content-encoding': 'gzip' })).response.statusCode,
      ).toBe(200)
  })

  it('recognises a marked write in a path', async () => {
    const { gateway, port } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: { marked: true }, act: respond('before', 503, { text: '' }) })
    const path = `/write?text=${encodeURIComponent(MARKED)}`
    expect((await send(port, undefined, path)).response.statusCode).toBe(503)
    expect((await send(port, undefined, '/write')).response.statusCode).toBe(200)
  })

  it('responds in the place of a server that is dead, and breaks other connections', async () => {
    const { gateway, port, stop, events } = await setUp(() => {})
    await stop()
    await expect(send(port)).rejects.toThrow('socket hang up')
    const portal = '<h1>Wi-Fi für alle</h1>'
    gateway.add('x', {
      match: { path: '/' },
      act: respond('before', 200, { text: portal }, { 'content-type': 'text/html' }),
    })
    const { response, body } = await send(port)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('text/html')
    expect(body.toString()).toBe(portal)
    expect(events).toMatchObject([{ type: 'intercepted', requestId: 'r1', act: 'respond' }])
  })

  it('keeps the bytes and the headers of a body in a response with another status', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const { gateway, port, seen } = await setUp((_request, response) => {
      response.writeHead(200, [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
        ...['Content-Type', 'application/octet-stream', 'Retry-After', '1'],
      ])
      response.write(bytes)
      response.end(bytes)
    })
    gateway.add('x', { match: {}, act: respond('after', 502, 'kept', { 'retry-after': '9' }) })
    const { response, body } = await send(port)
    expect(seen).toEqual(['POST /'])
    expect(response.statusCode).toBe(502)
    expect(response.headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'application/octet-stream',
      'content-length': '512',
      'retry-after': '9',
    })
    expect(response.headers['transfer-encoding']).toBeUndefined()
    expect(body.equals(Buffer.concat([bytes, bytes]))).toBe(true)
  })

  it.each(['cut', 'kept'] as const)(
    'sends an encoded body %s, so that it can be read',
    async (body) => {
      const text = JSON.stringify({ rows: Array.from({ length: 50 }, (_, i) => `row ${i}`) })
      const { gateway, port } = await setUp((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text))
      })
      gateway.add('x', { match: {}, act: respond('after', 200, body) })
      const reply = await send(port)
      if (body === 'kept') {
        expect(reply.response.headers['content-encoding']).toBe('gzip')
        expect(reply.body.equals(gzipSync(text))).toBe(true)
      } else {
        expect(reply.response.headers['content-encoding']).toBeUndefined()
        expect(reply.body.toString()).toBe(text.slice(0, text.length / 2))
      }
      expect(reply.response.headers['content-length']).toBe(String(reply.body.length))
    },
  )

  it('recognises a marked write by its path', async () => {
    const { gateway, port } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: { marked: true }, act: respond('before', 503, { text: 'not now' }) })
    const path = `/notes?text=${encodeURIComponent(markerText({ record: 'm1', opId: 'ana-1' }))}`
    const marked = open({ host: '127.0.0.1', port, agent: false, method: 'DELETE', path })
    marked.end()
    const [response] = (await once(marked, 'response')) as [IncomingMessage]
    expect(response.resume().statusCode).toBe(503)
    expect((await send(port)).response.statusCode).toBe(200)
  })

  it('loses responses to marked writes only, and breaks their connections at the end', async () => {
    const { gateway, port, seen, events } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: { marked: true }, act: { type: 'lose-response' } })
    const lost = send(port, { body: MARKED })
    const broken = expect(lost).rejects.toThrow('socket hang up')
    expect((await send(port, { body: '{}' })).body.toString()).toBe('own')
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(events).toMatchObject([{ act: 'lose-response', moment: 'after' }])
    gateway.remove('x')
    await broken
    expect(seen).toHaveLength(2)
  })

  it('delays, and then passes the own response on unchanged', async () => {
    const { gateway, port, events } = await setUp((_request, response) => {
      response.writeHead(201, 'Stored', { 'x-own': '1' })
      response.write('in two ')
      response.end('pieces')
    })
    for (const moment of ['before', 'after'] as const)
      gateway.add(moment, { match: {}, act: { type: 'delay', moment, ms: 4000 } })
    const { response, body } = await send(port)
    expect(response.statusMessage).toBe('Stored')
    expect(response.headers).toMatchObject({ 'x-own': '1', 'transfer-encoding': 'chunked' })
    expect(body.toString()).toBe('in two pieces')
    expect(events.map((event) => 'moment' in event && event.moment)).toEqual(['before', 'after'])
  })

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('breaks a connection %s the server sees the request', async (moment, requests) => {
    const { gateway, port, seen } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: {}, act: { type: 'reset', moment } })
    await expect(send(port)).rejects.toThrow('socket hang up')
    expect(seen).toHaveLength(requests)
  })

  it.each(['before', 'after'] as const)('has the server die %s it responds', async (moment) => {
    const { gateway, port, seen } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: {}, act: { type: 'kill', moment, node: 'server' } })
    await expect(send(port)).rejects.toThrow('socket hang up')
    expect(seen).toHaveLength(moment === 'before' ? 0 : 1)
    await expect(send(port)).rejects.toThrow('socket hang up')
  })

  it('forwards a delayed request whose sender has hung up', async () => {
    const { gateway, port, seen, events } = await setUp((_request, response) => response.end('own'))
    gateway.add('x', { match: {}, act: { type: 'delay', moment: 'before', ms: 4000 } })
    const outgoing = open({ host: '127.0.0.1', port, agent: false, path: '/late' })
    outgoing.on('error', () => {})
    outgoing.setHeader(REQUEST_HEADER, 'r1')
    outgoing.end()
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve))
    outgoing.destroy()
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual(['GET /late'])
  })
})
