/**
 * Measures what the wire's relays cost: throughput of big bodies, requests per second, latency.
 *
 *     npx tsx harness/cli/scripts/relay-bench.ts
 *
 * Sender, relays and server have a process each, as on the wire.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { Gateway } from '../../gateway/gateway.ts'
import { Relay } from '../../worlds/wire/relay/relay.ts'
import { openServerRelay } from '../../worlds/wire/relay/server-relay.ts'

const HOST = '127.0.0.1'
const BIG = 64 * 1024 * 1024
const BIG_ROUNDS = 4
const REQUESTS = 3000
const CONCURRENT = 16
/** Requests before the measurement, so that all code is compiled. */
const WARM_UP = 1000

interface Figures {
  readonly downMBs: number
  readonly upMBs: number
  readonly perSecond: number
  readonly medianUs: number
}

/** Serves small and big bodies, and reads what is sent. */
function serve(): void {
  const piece = Buffer.alloc(64 * 1024, 'x')
  const server = createServer(async (incoming, response) => {
    for await (const _ of incoming);
    if (incoming.url !== '/big') {
      response.end('ok')
      return
    }
    response.writeHead(200, { 'content-length': String(BIG) })
    for (let sent = 0; sent < BIG; sent += piece.length)
      if (!response.write(piece)) await once(response, 'drain')
    response.end()
  })
  server.listen(0, HOST, () => process.send?.((server.address() as AddressInfo).port))
}

async function measure(port: number): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT })
  const send = async (method: string, path: string, body?: Buffer) => {
    const outgoing = request({ host: HOST, port, method, path, agent })
    outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    for await (const _ of response);
  }
  const small = () => send('POST', '/small', Buffer.from('{"text":"hello"}'))
  const timed = async (work: () => Promise<void>) => {
    const began = performance.now()
    await work()
    return performance.now() - began
  }
  const repeat = async (times: number, work: () => Promise<void>) => {
    for (let i = 0; i < times; i++) await work()
  }
  const megabytes = (BIG * BIG_ROUNDS) / 1e6
  await repeat(WARM_UP, small)
  const spans: number[] = []
  await repeat(REQUESTS, async () => void spans.push(await timed(small)))
  const many = await timed(async () => {
    const each = REQUESTS / CONCURRENT
    await Promise.all(Array.from({ length: CONCURRENT }, () => repeat(each, small)))
  })
  const upload = Buffer.alloc(BIG, 'x')
  await send('GET', '/big')
  const down = await timed(() => repeat(BIG_ROUNDS, () => send('GET', '/big')))
  const up = await timed(() => repeat(BIG_ROUNDS, () => send('POST', '/upload', upload)))
  agent.destroy()
  return {
    downMBs: megabytes / (down / 1000),
    upMBs: megabytes / (up / 1000),
    perSecond: REQUESTS / (many / 1000),
    medianUs: 1000 * (spans.sort((a, b) => a - b)[REQUESTS / 2] ?? 0),
  }
}

async function compare(): Promise<void> {
  const children: ChildProcess[] = []
  const start = async (...role: string[]): Promise<unknown> => {
    const child = fork(fileURLToPath(import.meta.url), role)
    children.push(child)
    const [message] = await once(child, 'message')
    return message
  }
  const port = Number(await start('server'))
  const gateway = new Gateway({ after: () => {}, kill: async () => {}, emit: () => {} })
  const server = await openServerRelay({ device: 'ana', gateway, port })
  const both = await Relay.open({
    upstream: { host: HOST, port: server.port },
    isTied: () => false,
    onRequest: (exchange) => {
      exchange.listen({ answered: () => exchange.stream() })
      exchange.forward()
    },
  })
  const ways = { 'no relay': port, 'one relay': server.port, 'two relays': both.port }
  console.log('             MB/s down    MB/s up   requests/s   median µs')
  for (const [way, at] of Object.entries(ways)) {
    const { downMBs, upMBs, perSecond, medianUs } = (await start('load', String(at))) as Figures
    const cells = [downMBs, upMBs, perSecond, medianUs].map((n) => n.toFixed(0).padStart(12))
    console.log(way.padEnd(10) + cells.join(''))
  }
  for (const child of children) child.kill()
  await both.close()
  await server.close()
}

const [role, at] = process.argv.slice(2)
if (role === 'server') serve()
else if (role === 'load') {
  process.send?.(await measure(Number(at)))
  process.disconnect()
} else await compare()
