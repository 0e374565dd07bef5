import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { Toxiproxy } from 'toxiproxy-node-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { seededRandom } from '../core/random.ts'
import { allToxics } from '../link/testing/toxics.ts'
import { type RunningToxiproxy, startToxiproxy } from './index.ts'
import { dial, startUpstream, type Upstream } from './testing/tcp.ts'

const toxics = await allToxics()
let server: RunningToxiproxy
let target: Upstream

beforeEach(async () => {
  server = await startToxiproxy({ port: 0, toxics, random: seededRandom(5) })
  target = await startUpstream()
})
afterEach(async () => {
  await server.close()
  await target.close()
})

const post = async (path: string, body: unknown) => {
  const init = { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(`${server.url}${path}`, init)
  return { status: response.status, text: await response.text() }
}
const createProxy = (name: string) =>
  new Toxiproxy(server.url).createProxy({ name, listen: '127.0.0.1:0', upstream: target.address })

it('listens on loopback by default', () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

it('startToxiproxy throws a Problem of one line if its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await expect(startToxiproxy({ port, toxics })).rejects.toMatchObject({
    name: 'Problem',
    message:
      `Toxiproxy cannot listen on 127.0.0.1:${port}: ` +
      'the port is in use; stop the program there, or choose another port',
  })
  other.close()
})

it('close() closes every connection and every port', async () => {
  const proxy = await createProxy('a')
  const client = await dial(proxy.listen)
  client.socket.write('hello')
  await client.received(5)
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(idle, 'connect')
  await server.close()
  expect(await client.ended).toMatchObject({ text: 'hello' })
  for (const address of [proxy.listen, new URL(server.url).host])
    await expect(dial(address)).rejects.toThrow('ECONNREFUSED')
})

it('rejects attributes that make the real Toxiproxy panic', async () => {
  await createProxy('a')
  const attributes = { average_size: 5, size_variation: 9 }
  expect(await post('/proxies/a/toxics', { type: 'slicer', attributes })).toEqual({
    status: 400,
    text:
      '{"error":"bad request body: attributes: size_variation must not exceed average_size, ' +
      'got 9 \\u003e 5","status":400}\n',
  })
  expect(
    (await post('/proxies/a/toxics', { type: 'bandwidth', attributes: { rate: -1 } })).status,
  ).toBe(400)
  expect(
    (await post('/proxies/a/toxics', { type: 'bandwidth', attributes: { rate: 1 } })).status,
  ).toBe(200)
  expect(
    (await post('/proxies/a/toxics/bandwidth_downstream', { attributes: { rate: -1 } })).status,
  ).toBe(400)
})

it('removes a reset_peer without waiting for connections that it will break', async () => {
  const proxy = await createProxy('a')
  const toxic = await proxy.addToxic({
    name: 'reset',
    type: 'reset_peer',
    stream: 'upstream',
    toxicity: 1,
    attributes: { timeout: 3_600_000 },
  })
  const client = await dial(proxy.listen)
  client.socket.write('x')
  await toxic.remove()
  client.socket.destroy()
})

it('decides toxicity by the seed of its random generator', async () => {
  const roll = async () => {
    const seeded = await startToxiproxy({ port: 0, toxics, random: seededRandom(11) })
    const proxy = await new Toxiproxy(seeded.url).createProxy({
      name: 'a',
      listen: '127.0.0.1:0',
      upstream: target.address,
    })
    await proxy.addToxic({
      name: 'cut',
      type: 'limit_data',
      stream: 'downstream',
      toxicity: 0.5,
      attributes: { bytes: 1 },
    })
    const rolls: boolean[] = []
    for (let i = 0; i < 12; i++) {
      const client = await dial(proxy.listen)
      client.socket.write('ab')
      const whole = client.received(2).then(() => true)
      const cut = client.ended.then(({ bytes }) => bytes === 2)
      rolls.push(await Promise.race([whole, cut]))
      client.socket.destroy()
    }
    await seeded.close()
    return rolls
  }
  const first = await roll()
  expect(new Set(first).size).toBe(2)
  expect(await roll()).toEqual(first)
})

it('serves other requests while one request sends its body slowly', async () => {
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1')
  slow.write('POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
  await createProxy('a')
  slow.destroy()
  await createProxy('b')
  expect(Object.keys(await new Toxiproxy(server.url).getAll())).toEqual(['a', 'b'])
})

it('carries out concurrent calls one after the other', async () => {
  const body = { name: 'same', listen: '127.0.0.1:0', upstream: target.address }
  const responses = await Promise.all(Array.from({ length: 10 }, () => post('/proxies', body)))
  expect(responses.map(({ status }) => status).sort()).toEqual([
    201,
    ...Array.from({ length: 9 }, () => 409),
  ])
})

it('survives requests that are not HTTP, with a malformed path, or too large', async () => {
  const garbage = connect(Number(new URL(server.url).port), '127.0.0.1')
  garbage.on('error', () => {})
  garbage.resume()
  garbage.end('\0\0\0 nonsense\r\n\r\n')
  await once(garbage, 'close')
  expect((await fetch(`${server.url}/proxies/%E0%A4%A`)).status).toBe(400)
  const large = await fetch(`${server.url}/proxies`, {
    method: 'POST',
    body: 'x'.repeat((16 << 20) + 1),
  })
  expect(large.status).toBe(400)
  expect((await fetch(`${server.url}/version`)).status).toBe(200)
})

it('keeps names of proxies unchanged, even __proto__ and numbers', async () => {
  for (const name of ['__proto__', '10', '9', 'ä/b'])
    expect((await post('/proxies', { name, upstream: 'x:1', enabled: false })).status).toBe(201)
  const all = await (await fetch(`${server.url}/proxies`)).text()
  expect([...all.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name)).toEqual([
    '10',
    '9',
    '__proto__',
    'ä/b',
  ])
})

it('traces what happens on each proxy', async () => {
  const lines: string[] = []
  const traced = await startToxiproxy({
    port: 0,
    toxics,
    traceOf: (proxy) => (what) => lines.push(`${proxy}: ${what}`),
  })
  const proxy = await new Toxiproxy(traced.url).createProxy({
    name: 'a',
    listen: '127.0.0.1:0',
    upstream: target.address,
  })
  const body = JSON.stringify({ type: 'noop', stream: 'upstream' })
  await fetch(`${traced.url}/proxies/a/toxics`, { method: 'POST', body })
  const client = await dial(proxy.listen)
  client.socket.write('hello')
  await client.received(5)
  expect(lines).toEqual([
    'a: toxic noop_upstream added: noop upstream, toxicity 1',
    'a: connection 0: opened',
    'a: connection 0 upstream noop_upstream: 5 bytes in, 5 bytes out',
  ])
  client.socket.destroy()
  await traced.close()
})
