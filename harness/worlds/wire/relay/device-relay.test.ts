import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request as open,
  type RequestListener,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { frameBytes, OPCODE } from '../../../codec/websocket.ts'
import type { EventBody } from '../../../core/event.ts'
import { markerText } from '../../../core/mark.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import type { NodeSupervisor } from '../process/node-supervisor.ts'
import type { ProtocolProcess, Reply } from '../process/protocol-process.ts'
import { DeviceRelay } from './device-relay.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The relay of a program on ana's device, whose process is played by the test. */
async function setUp(handle: RequestListener) {
  const events: EventBody[] = []
  const ids: unknown[] = []
  const link = createServer((request, response) => {
    ids.push(request.headers[REQUEST_HEADER])
    handle(request, response)
  })
  link.on('upgrade', (request) => ids.push(request.headers[REQUEST_HEADER]))
  link.listen(0, '127.0.0.1')
  await once(link, 'listening')
  const { port } = link.address() as AddressInfo
  const disable = async () => {
    link.closeAllConnections()
    await new Promise((resolve) => link.close(resolve))
  }
  const process = { alive: true, ask: async (): Promise<Reply> => 'done' }
  const relay = await DeviceRelay.open({
    device: 'ana',
    link: `127.0.0.1:${port}`,
    now: () => 1234,
    emit: (event, t) => void events.push(Object.assign(event, t === undefined ? {} : { t })),
    silenceMaxMs: 5000,
  })
  const child = process as unknown as ProtocolProcess
  const run = (running: ProtocolProcess) => relay.attach({ running } as unknown as NodeSupervisor)
  run(child)
  const restart = () => run({ ...process } as unknown as ProtocolProcess)
  cleanups.push(disable)
  cleanups.push(() => relay.close())
  const report = (event: unknown) => relay.report(event, child)
  return { link, relay, events, ids, process, restart, disable, report }
}

/** Sends a request as the program. Resolves to the status, or to the error's code. */
async function send(
  relay: DeviceRelay,
  { path = '/', body = '', ...headers }: Record<string, string> & { body?: string | Buffer } = {},
): Promise<number | string | undefined> {
  const outgoing = open({
    ...{ host: '127.0.0.1', port: new URL(relay.url).port, agent: false, path },
    ...{ method: 'POST', headers },
  })
  outgoing.end(body)
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    for await (const _ of response);
    return response.statusCode
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

describe('the relay of a program', () => {
  it('records each request and its response, and numbers them for the server', async () => {
    const { relay, events, ids } = await setUp((_, response) => {
      response.writeHead(201).end('stored')
    })
    const body = `{"text":"Grüße ${markerText({ record: 'm1', opId: 'ana-1' })}"}`
    expect(await send(relay, { path: '/notes?x=1', body })).toBe(201)
    expect(await send(relay)).toBe(201)
    expect(events).toMatchObject([
      {
        type: 'request',
        requestId: 'ana-r1',
        method: 'POST',
        path: '/notes?x=1',
        bytes: Buffer.byteLength(body),
        opIds: ['ana-1'],
      },
      { type: 'response', requestId: 'ana-r1', outcome: 'response', status: 201, bytes: 6 },
      { type: 'request', requestId: 'ana-r2', opIds: [] },
      { type: 'response', requestId: 'ana-r2', outcome: 'response' },
    ])
    expect(ids).toEqual(['ana-r1', 'ana-r2'])
  })

  it.each([
    ['whose length is known', 'data', { 'content-length': '9' }],
    ['in chunks', 'end', {}],
  ])('records a response %s before the program can have all of it', async (_, sign, headers) => {
    const { relay, events } = await setUp((_request, response) => {
      response.writeHead(200, headers).end('all of it')
    })
    const outgoing = open({ host: '127.0.0.1', port: new URL(relay.url).port, agent: false })
    outgoing.end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    let recorded: EventBody[] = []
    response.on('data', () => {})
    response.once(sign, () => {
      recorded = [...events]
    })
    await once(response, 'end')
    expect(recorded[1]).toMatchObject({ outcome: 'response', status: 200, bytes: 9 })
  })

  it('records headers and bodies without credentials, and leaves out repeated ones', async () => {
    const answers = ['one', 'one', 'two', 'two', 'late']
    const { relay, events, restart } = await setUp((_, response) => {
      const body = answers.shift()
      const status = body === 'late' ? 429 : 200
      response.writeHead(status, { 'set-cookie': 'a=b', 'retry-after': '7' }).end(body)
    })
    const sent = { path: '/notes', authorization: 'Bearer s3cret', 'x-app': '1', body: '{"a":1}' }
    for (let i = 0; i < 3; i++) await send(relay, sent)
    restart()
    for (let i = 0; i < 2; i++) await send(relay, sent)
    expect(JSON.stringify(events)).not.toContain('s3cret')
    const details = { headers: { authorization: '[redacted]', 'x-app': '1' }, body: '{"a":1}' }
    const requests = events.filter(({ type }) => type === 'request')
    expect(requests[0]).toMatchObject(details)
    expect(requests[3]).toMatchObject(details)
    for (const i of [1, 2, 4]) expect(requests[i]).not.toHaveProperty('headers')
    const responses = events.filter(({ type }) => type === 'response')
    const bodies = responses.map((event) => event.type === 'response' && event.body)
    expect(bodies).toEqual(['one', undefined, 'two', 'two', 'late'])
    expect(responses[4]).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'set-cookie': '[redacted]' },
    })
  })

  const long = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => i * i))
  it.each([
    ['long', undefined, Buffer.from(long)],
    ['gzip', 'gzip', gzipSync(long)],
    ['brotli', 'br', brotliCompressSync(long)],
  ])('shows the beginning of a body that is %s', async (_, encoding, body) => {
    const { relay, events } = await setUp((_request, response) => {
      response.writeHead(200, encoding ? { 'content-encoding': encoding } : {}).end(body)
    })
    await send(relay)
    expect(events[1]).toMatchObject({ bytes: body.length, body: `${long.slice(0, 1000)}…` })
  })

  it.each([undefined, 'gzip', 'zstd'])(
    'passes bodies on that are no text, and not what they claim: %s',
    async (encoding) => {
      const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x1f, 0x8b])
      const headers: Record<string, string> = encoding ? { 'content-encoding': encoding } : {}
      const { relay, events } = await setUp((_request, response) => {
        response.writeHead(200, headers).end(bytes)
      })
      expect(await send(relay, { ...headers, body: bytes } as never)).toBe(200)
      expect(events).toMatchObject([
        { type: 'request', bytes: bytes.length, opIds: [] },
        { type: 'response', outcome: 'response', bytes: bytes.length },
      ])
    },
  )

  it('records no response that arrives after the SIGKILL', async () => {
    const { relay, events, process } = await setUp((_, response) => {
      process.alive = false
      response.end('too late')
    })
    await send(relay)
    expect(events.map(({ type }) => type)).toEqual(['request'])
  })

  it('accepts while the link is down, records the attempt and breaks it', async () => {
    const { relay, events, disable } = await setUp(() => {})
    await disable()
    expect(await send(relay)).toBe('ECONNRESET')
    expect(events).toMatchObject([
      { type: 'request', requestId: 'ana-r1' },
      { type: 'response', requestId: 'ana-r1', outcome: 'refused' },
    ])
  })

  it.each([
    ['reset', (response: Parameters<RequestListener>[1]) => response.destroy()],
    [
      'cut',
      (response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { 'content-length': '9' })
        response.write('half', () => response.destroy())
      },
    ],
  ])('records a response that is %s', async (outcome, breakOff) => {
    const { relay, events } = await setUp((_, response) => breakOff(response))
    await send(relay).catch(() => {})
    await expect.poll(() => events[1]).toMatchObject({ type: 'response', outcome })
  })

  it.each([
    ['hangs up', 'done'],
    ['is killed', 'exited'],
  ] as const)('distinguishes a program that %s', async (_, reply) => {
    const { relay, events, process } = await setUp(() => outgoing.destroy())
    process.ask = async () => reply
    const outgoing = open({ host: '127.0.0.1', port: new URL(relay.url).port, agent: false })
    outgoing.on('error', () => {})
    const asked = new Promise((resolve) => {
      process.ask = async () => {
        resolve(true)
        return reply
      }
    })
    outgoing.end()
    await asked
    await relay.sync()
    const aborted = { type: 'response', requestId: 'ana-r1', outcome: 'aborted', t: 1234 }
    expect(events.slice(1)).toEqual(reply === 'done' ? [aborted] : [])
  })

  it('breaks the connection of a process that is dead, unseen', async () => {
    const { relay, events, ids, process } = await setUp((_, response) => response.end())
    process.alive = false
    expect(await send(relay)).toBe('ECONNRESET')
    expect([...events, ...ids]).toEqual([])
  })

  it('takes the deadline and the keys from reports of the program, and nothing else', async () => {
    const { relay, events, ids, report } = await setUp((_, response) => response.end())
    const about = [{ key: 'k1', attempt: 1 }]
    report({ type: 'request', requestId: 'a', opIds: ['wrong'], path: '/wrong', about })
    await send(relay, { [REQUEST_HEADER]: 'a' })
    await send(relay, { [REQUEST_HEADER]: 'b' })
    report({ type: 'request', requestId: 'b', deadline: 9000 })
    await send(relay, { [REQUEST_HEADER]: 'b' })
    for (const other of [{ type: 'response', requestId: 'b', status: 500 }, { type: 'request' }, 7])
      report(other)
    const requests = events.filter(({ type }) => type === 'request')
    expect(requests).toMatchObject([
      { requestId: 'ana-r1', path: '/', opIds: [], about },
      { requestId: 'ana-r2', deadline: 9000 },
      { requestId: 'ana-r3' },
    ])
    expect(requests[2]).not.toHaveProperty('deadline')
    expect(events).toHaveLength(6)
    expect(ids).toEqual(['ana-r1', 'ana-r2', 'ana-r3'])
  })
})

describe('a WebSocket of a program', () => {
  /** Before a link that echoes each message, and offers to compress. */
  async function setUpSocket(perMessageDeflate = false) {
    const set = await setUp((_, response) => response.end())
    const server = new WebSocketServer({ server: set.link, perMessageDeflate: true })
    server.on('connection', (there) => there.on('message', (data) => there.send(String(data))))
    const socket = new WebSocket(`${set.relay.url.replace('http', 'ws')}/room?token=secret`, {
      perMessageDeflate,
    })
    cleanups.push(() => socket.terminate())
    await once(socket, 'open')
    return { ...set, socket }
  }

  it('is recorded at its 101, and each message that it sends as a request', async () => {
    const { events, socket, ids } = await setUpSocket()
    expect(events).toMatchObject([
      { type: 'request', requestId: 'ana-r1', method: 'GET', opIds: [] },
      { type: 'response', requestId: 'ana-r1', status: 101, goesOn: true },
    ])
    expect(ids).toEqual(['ana-r1'])
    const text = `Hello ${markerText({ record: 'm1', opId: 'ana-1' })}`
    const bytes = Buffer.concat([Buffer.from([0, 255, 128]), Buffer.from(text)])
    for (const content of [text, bytes]) {
      socket.send(content)
      await once(socket, 'message')
    }
    const message = { method: 'MESSAGE', messageOf: 'ana-r1', opIds: ['ana-1'] }
    expect(events.slice(2)).toMatchObject([
      { type: 'request', requestId: 'ana-r1/1', bytes: Buffer.byteLength(text), ...message },
      { type: 'response', requestId: 'ana-r1/1', outcome: 'sent' },
      { type: 'request', requestId: 'ana-r1/2', bytes: bytes.length, ...message },
      { type: 'response', requestId: 'ana-r1/2', outcome: 'sent' },
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
  })

  it('is never compressed, because nobody offers it to the server', async () => {
    const { events, socket } = await setUpSocket(true)
    expect(socket.extensions).toBe('')
    socket.send(`x${markerText({ record: 'm1', opId: 'ana-1' })}`)
    await once(socket, 'message')
    expect(events.at(-2)).toMatchObject({ requestId: 'ana-r1/1', opIds: ['ana-1'] })
  })

  it('that compresses nevertheless is passed on, and said once', async () => {
    const { relay, link, events } = await setUp((_, response) => response.end())
    const frame = frameBytes(OPCODE.text, Buffer.from('abc'), Buffer.from([1, 2, 3, 4]))
    frame[0] = (frame[0] ?? 0) | 0x40
    const arrived: Buffer[] = []
    link.on('upgrade', (_request, there) => {
      there.write('HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      there.on('data', (chunk: Buffer) => arrived.push(chunk))
      cleanups.push(() => there.destroy())
    })
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
    cleanups.push(() => socket.destroy())
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await once(socket, 'data')
    socket.write(Buffer.concat([frame, frame]))
    const whole = Buffer.concat([frame, frame])
    while (!Buffer.concat(arrived).equals(whole)) await new Promise((done) => setTimeout(done, 1))
    expect(events.filter(({ type }) => type === 'log')).toMatchObject([
      { level: 'error', text: expect.stringContaining('cannot read a WebSocket message') },
    ])
  })

  it('breaks when its process has been killed, and records nothing of it', async () => {
    const { events, socket, process } = await setUpSocket()
    process.alive = false
    const closed = once(socket, 'close')
    socket.send('late')
    await closed
    expect(events).toHaveLength(2)
  })

  it('that the server refuses is an ordinary request', async () => {
    const { relay, link, events } = await setUp(() => {})
    link.on('upgrade', (_request, there) => {
      there.end('HTTP/1.1 401 No\r\nContent-Length: 5\r\n\r\nnever')
    })
    const socket = new WebSocket(relay.url.replace('http', 'ws'))
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    expect(String(await (await import('node:stream/consumers')).buffer(response))).toBe('never')
    expect(events.at(-1)).toMatchObject({ outcome: 'response', status: 401, bytes: 5 })
  })
})

it('records an event stream at its head: its end says nothing', async () => {
  const { relay, events } = await setUp((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  const outgoing = open({ host: '127.0.0.1', port: new URL(relay.url).port, agent: false })
  outgoing.on('error', () => {})
  outgoing.end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  await once(response, 'data')
  const recorded = [
    { type: 'request', requestId: 'ana-r1' },
    { type: 'response', requestId: 'ana-r1', outcome: 'response', status: 200, goesOn: true },
  ]
  expect(events).toMatchObject(recorded)
  response.on('error', () => {})
  response.destroy()
  await relay.sync()
  expect(events).toMatchObject(recorded)
})
