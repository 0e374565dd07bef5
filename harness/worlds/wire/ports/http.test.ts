import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { HostEvent } from '../../../core/event.ts'
import type { HttpRequest } from '../../../core/ports/http.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import { RequestLog } from '../../host/request-log.ts'
import { WireClock } from './clock.ts'
import { wireHttp } from './http.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Sends a request to a server that calls `behave` when the request has arrived in one chunk. */
async function ask(
  behave: (socket: Socket, request: string) => void,
  request: Partial<HttpRequest> = {},
  abort?: AbortSignal,
) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.once('data', (data) => behave(socket, data.toString()))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const events: HostEvent[] = []
  const http = wireHttp({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: new WireClock(40, process.hrtime.bigint()),
    requests: new RequestLog({
      nextId: () => 'ana.1.1',
      emit: (event) => void events.push(event),
    }),
  })
  const outcome = await http
    .request(
      { method: 'POST', path: '/push?a=1', body: '{"text":"é ⟦m1 ana-1⟧"}', ...request },
      abort,
    )
    .then(
      (response) => response,
      (error) => error.failure,
    )
  for (const socket of sockets) socket.destroy()
  return { outcome, events, connections: sockets.length }
}

const whole = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 3\r\n\r\n'

describe('the Http port over TCP', () => {
  it('sends a request with its id in a header, and returns the whole response', async () => {
    let seen = ''
    const { outcome, events } = await ask(
      (socket, request) => {
        seen = request
        socket.end(`${whole}é!`)
      },
      { headers: { 'x-own': 'yes' }, about: [{ key: 'k', attempt: 2 }], deadline: 40_000 },
    )
    expect(outcome).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: 'é!',
    })
    expect(seen).toMatch(/^POST \/push\?a=1 HTTP\/1.1\r\n/)
    for (const header of [`${REQUEST_HEADER}: ana.1.1`, 'connection: close', 'x-own: yes'])
      expect(seen.toLowerCase()).toContain(header)
    expect(events).toEqual([
      {
        type: 'request',
        requestId: 'ana.1.1',
        method: 'POST',
        path: '/push?a=1',
        bytes: 28,
        headers: { 'x-own': 'yes' },
        body: '{"text":"é ⟦m1 ana-1⟧"}',
        opIds: ['ana-1'],
        about: [{ key: 'k', attempt: 2 }],
        deadline: 40_000,
      },
      {
        type: 'response',
        requestId: 'ana.1.1',
        outcome: 'response',
        status: 200,
        bytes: 3,
        headers: { 'content-length': '3', 'content-type': 'text/plain' },
        body: 'é!',
      },
    ])
  })

  it.each<[string, string, (socket: Socket) => void]>([
    ['reset', 'the connection breaks', (socket) => void socket.resetAndDestroy()],
    ['reset', 'the connection is closed without a response', (socket) => void socket.end()],
    [
      'cut',
      'the connection is closed within the head',
      (socket) => void socket.end('HTTP/1.1 200 O'),
    ],
    ['cut', 'the connection is closed within the body', (socket) => void socket.end(`${whole}é`)],
    [
      'cut',
      'the connection breaks within the body',
      (socket) => void socket.write(`${whole}é`, () => socket.resetAndDestroy()),
    ],
    ['cut', 'the response is not HTTP', (socket) => void socket.end('hello\r\n\r\n')],
  ])('fails with %s when %s, and does not try again', async (failure, _when, behave) => {
    const { outcome, events, connections } = await ask(behave)
    expect(outcome).toBe(failure)
    expect(connections).toBe(1)
    expect(events.at(-1)).toEqual({ type: 'response', requestId: 'ana.1.1', outcome: failure })
  })

  it.each([
    ['there is no response', (_socket: Socket) => {}],
    ['the body does not end', (socket: Socket) => void socket.write(`${whole}é`)],
  ])('fails with timeout when %s by the deadline', async (_when, behave) => {
    expect((await ask(behave, { deadline: 800 })).outcome).toBe('timeout')
  })

  it('fails with refused if no server is listening', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const http = wireHttp({
      server: `http://127.0.0.1:${port}`,
      clock: new WireClock(40),
      requests: new RequestLog({ nextId: () => 'ana.1.1', emit: () => {} }),
    })
    await expect(http.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      failure: 'refused',
    })
  })

  it('fails with aborted when the caller aborts, before or during the request', async () => {
    const controller = new AbortController()
    expect((await ask(() => controller.abort(), {}, controller.signal)).outcome).toBe('aborted')
    const early = await ask(() => {}, {}, controller.signal)
    expect(early.outcome).toBe('aborted')
    expect(early.events.map(({ type }) => type)).toEqual(['request', 'response'])
  })

  it('sends a path that begins with // as a path', async () => {
    let seen = ''
    await ask(
      (socket, request) => {
        seen = request
        socket.end(`${whole}abc`)
      },
      { method: 'GET', path: '//elsewhere/x' },
    )
    expect(seen).toMatch(/^GET \/\/elsewhere\/x HTTP/)
  })
})
