import { expect, it } from 'vitest'
import { joined, utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import { serveHttp1 } from '../../codec/http1-server.ts'
import { httpBytes } from '../../codec/testing/pieces.ts'
import { at, during, scenario } from '../../core/build.ts'
import type { ClientDefinition, ClientPorts } from '../../core/client.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { flaky } from '../../faults/flaky.ts'
import { lostAck } from '../../faults/lost-ack.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { play } from '../../run/play.ts'
import { handDriven } from '../../testing/by-hand.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import tinySilentSocketServer from '../../testing/tiny-silent-socket-server.ts'
import tinySocketClient from '../../testing/tiny-socket-client.ts'
import tinySocketServer from '../../testing/tiny-socket-server.ts'
import tinyStreamClient from '../../testing/tiny-stream-client.ts'
import tinyStreamServer from '../../testing/tiny-stream-server.ts'
import { send } from '../../workload/chat.ts'
import { simWorld } from './index.ts'

const toxics = await allToxics()
const effects = await allEffects()

/** Opens a stage on which ana's connections are driven by hand. */
async function staged(accept: (stream: ByteStream, now: () => number) => void) {
  const ports: Record<string, ClientPorts> = {}
  const client: ClientDefinition = {
    ...tinyClient,
    create: (given, identity) => {
      ports[identity.device] = given
      return tinyClient.create(given, identity)
    },
  }
  const server: ServerDefinition = {
    ...tinyServer,
    create: (given, setup) => ({
      ...tinyServer.create(given, setup),
      accept: (stream) => accept(stream, () => given.clock.now()),
    }),
  }
  const setting = { scenario: handDriven, client, server, seed: 1, timeScale: 1 }
  const stage = await simWorld({ toxics }).open(setting)
  /** Opens a connection of ana, and lists what happens to it. */
  const connect = () => {
    const log: [t: number, what: string][] = []
    const note = (what: string) => void log.push([stage.now(), what])
    const opened = ports.ana?.connect()
    if (!opened) throw new Error("ana's app does not run")
    opened.receive({
      data: (bytes) => note(utf8Text(bytes)),
      closed: (how) => note(`closed: ${how}`),
    })
    const texts = () => log.map(([, what]) => what)
    const bytes = () => log.map(([t, what]) => [t, what.length] as const)
    return { stream: opened, log, texts, bytes }
  }
  return { stage, connect }
}

/** Sends everything back, bytes that are not HTTP. */
const echo = (stream: ByteStream) =>
  stream.receive({ data: (bytes) => stream.write(bytes), closed: () => stream.end() })

/** Bytes that no protocol begins with. */
const noise = (text: string) => utf8Bytes(`\u0001${text}`)

it('carries bytes there and back, over four hops that take time', async () => {
  const { stage, connect } = await staged(echo)
  const { stream, log } = connect()
  stream.write(noise('hello'))
  await stage.until(1000)
  const [[t, text] = [0, '']] = log
  expect([log.length, text]).toEqual([1, '\u0001hello'])
  // Opening is a hop of its own; the server takes some milliseconds.
  expect(t).toBeGreaterThan(5 * 8)
  expect(t).toBeLessThan(5 * 25 + 6)
  stream.end()
  await stage.until(2000)
  expect(log.at(-1)?.[1]).toBe('closed: end')
  await stage.close()
})

it.each([
  ['latency', 'downstream', { latency: 1000, jitter: 0 }, 1],
  // 1 KB a second.
  ['bandwidth', 'upstream', { rate: 1 }, 1],
  ['slicer', 'downstream', { average_size: 100, size_variation: 0, delay: 0 }, 10],
] as const)('acts on the bytes with the toxic %s', async (type, direction, attributes, atLeast) => {
  const { stage, connect } = await staged(echo)
  await stage.link('ana').addToxic('acting', { type, stream: direction, attributes, toxicity: 1 })
  const { stream, bytes } = connect()
  stream.write(noise('x'.repeat(1023)))
  await stage.until(5000)
  expect(bytes().length).toBeGreaterThanOrEqual(atLeast)
  expect(bytes().reduce((sum, [, length]) => sum + length, 0)).toBe(1024)
  if (type !== 'slicer') expect(bytes().at(-1)?.[0]).toBeGreaterThan(1000)
  await stage.close()
})

it.each([
  ['limit_data', { bytes: 10 }, ['\u0001xxxxxxxxx', 'closed: end']],
  ['reset_peer', { timeout: 1000 }, ['closed: reset']],
  ['timeout', { timeout: 1000 }, ['closed: end']],
] as const)('breaks a connection with the toxic %s', async (type, attributes, expected) => {
  const { stage, connect } = await staged(echo)
  const toxic = { type, stream: 'downstream', attributes, toxicity: 1 } as const
  await stage.link('ana').addToxic('breaking', toxic)
  const { stream, texts } = connect()
  stream.write(noise('x'.repeat(99)))
  await stage.until(5000)
  expect(texts()).toEqual(expected)
  await stage.close()
})

it('refuses a connection while the link is down, and breaks the open ones', async () => {
  const { stage, connect } = await staged(echo)
  const open = connect()
  open.stream.write(noise('before'))
  await stage.until(1000)
  await stage.link('ana').enable(false)
  expect(open.texts()).toEqual(['\u0001before', 'closed: end'])
  const refused = connect()
  refused.stream.write(httpBytes('GET / HTTP/1.1', '', ''))
  await stage.until(2000)
  expect(refused.texts()).toEqual(['closed: refused'])
  const { requests } = await stage.history()
  expect(requests.map(({ response }) => response?.outcome)).toEqual(['refused'])
  await stage.close()
})

it('closes a connection with the server, and refuses none while it is dead', async () => {
  const { stage, connect } = await staged(echo)
  const open = connect()
  open.stream.write(noise('before'))
  await stage.until(1000)
  await stage.server.kill()
  const late = connect()
  await stage.until(2000)
  expect(open.texts()).toEqual(['\u0001before', 'closed: end'])
  // Toxiproxy accepts the connection, and closes it again.
  expect(late.texts()).toEqual(['closed: end'])
  await stage.close()
})

it('delivers nothing to a dead app, whose connections the server sees closed', async () => {
  const ends: string[] = []
  const { stage, connect } = await staged((stream) =>
    stream.receive({
      data: (bytes) => stream.write(bytes),
      closed: (how) => void ends.push(how),
    }),
  )
  const { stream, texts } = connect()
  stream.write(noise('on its way'))
  await stage.until(40)
  await stage.device('ana').kill()
  await stage.until(1000)
  expect([texts(), ends]).toEqual([[], ['end']])
  await stage.close()
})

it('keeps a connection for many requests, the pipelined ones one after another', async () => {
  let connections = 0
  const { stage, connect } = await staged((stream) => {
    connections++
    serveHttp1(stream, ({ path }, respond) => respond({ status: 200, headers: {}, body: path }))
  })
  const { stream, texts } = connect()
  const get = (path: string) => httpBytes(`GET ${path} HTTP/1.1`, '', '')
  stream.write(joined([get('/1'), get('/2')]))
  await stage.until(1000)
  stream.write(get('/3'))
  await stage.until(2000)
  expect(texts().map((text) => text.slice(-2))).toEqual(['/1', '/2', '/3'])
  const { requests } = await stage.history()
  expect(requests.map(({ response }) => response?.status)).toEqual([200, 200, 200])
  expect(connections).toBe(1)
  await stage.close()
})

it('passes on an event stream and a chunked response while they arrive', async () => {
  const heads = {
    sse: ['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', '', ''],
    chunked: ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', ''],
  }
  for (const [kind, head] of Object.entries(heads)) {
    const served: ByteStream[] = []
    const { stage, connect } = await staged((stream) => {
      served.push(stream)
      stream.receive({ data: () => stream.write(httpBytes(...head)), closed: () => {} })
    })
    const { stream, texts } = connect()
    stream.write(httpBytes('GET /events HTTP/1.1', '', ''))
    await stage.until(1000)
    served[0]?.write(utf8Bytes(kind === 'sse' ? 'data: 1\n\n' : '1\r\nx\r\n'))
    await stage.until(2000)
    expect(texts()).toHaveLength(2)
    const before = (await stage.history()).requests[0]?.response
    expect(before?.goesOn).toBe(kind === 'sse' ? true : undefined)
    served[0]?.write(utf8Bytes(kind === 'sse' ? 'data: 2\n\n' : '0\r\n\r\n'))
    await stage.until(3000)
    expect(texts()).toHaveLength(3)
    expect((await stage.history()).requests[0]?.response?.status).toBe(200)
    await stage.close()
  }
})

const story = scenario({
  title: 'Flaky',
  story: 'Much chance is involved.',
  devices: ['ana', 'ben'],
  steps: [
    during('1s', '40s', flaky('ana', { resets: 0.5 })),
    during('10s', '40s', lostAck('ben')),
    at('5s', send('ana', 'one')),
    at('9s', send('ana', 'two')),
    at('20s', send('ben', 'three')),
  ],
  exercised: { serverCommits: 3 },
})

it.each([
  ['HTTP/1.1', tinyStreamClient, tinyStreamServer],
  ['WebSocket', tinySocketClient, tinySocketServer],
  ['WebSocket, to a server that shows what it holds', tinySocketClient, tinySilentSocketServer],
])('records equal histories for equal seeds over %s', async (_, client, server) => {
  const hash = async (seed: number) => {
    const setting = { scenario: story, client, server, timeScale: 1, seed }
    const stage = await simWorld({ toxics }).open(setting)
    const history = await play(stage, story, { effects, recovery: 10_000 })
    await stage.close()
    return history.hash()
  }
  const seeds = [1, 2, 3, 4, 5]
  const [first, second]: [string[], string[]] = [[], []]
  for (const seed of seeds) first.push(await hash(seed))
  for (const seed of seeds) second.push(await hash(seed))
  expect(second).toEqual(first)
  expect(new Set(first).size).toBe(seeds.length)
})
