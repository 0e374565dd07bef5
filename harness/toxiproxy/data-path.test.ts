import { type ToxicType, Toxiproxy } from 'toxiproxy-node-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { realBinary, type ServerUnderTest, startOurs, startReal } from './testing/servers.ts'
import { dial, startUpstream, type Upstream } from './testing/tcp.ts'

const binary = realBinary()
if (!binary)
  console.warn(
    'NOT COMPARED with the real Toxiproxy: set TOXIPROXY_BIN, or put toxiproxy-server on the PATH',
  )
const servers: [string, () => Promise<ServerUnderTest>][] = [['embedded', startOurs]]
if (binary) servers.push(['real', () => startReal(binary)])

/** Real milliseconds since `start`. */
const since = (start: bigint) => Number(process.hrtime.bigint() - start) / 1e6
const now = () => process.hrtime.bigint()

// The real server must pass each of these tests, too. That makes them facts about Toxiproxy.
describe.each(servers)('data through the %s Toxiproxy', (_, start) => {
  let server: ServerUnderTest
  let api: Toxiproxy
  let target: Upstream
  let proxy: Awaited<ReturnType<Toxiproxy['createProxy']>>

  beforeAll(async () => {
    server = await start()
    api = new Toxiproxy(server.url)
  })
  afterAll(() => server.close())
  beforeEach(() => useUpstream())
  afterEach(async () => {
    await proxy.remove().catch(() => {})
    await target.close()
  })

  /** Replaces upstream and proxy by new ones. */
  async function useUpstream(...serve: Parameters<typeof startUpstream>) {
    await proxy?.remove().catch(() => {})
    await target?.close()
    target = await startUpstream(...serve)
    proxy = await api.createProxy({
      name: 'probe',
      listen: '127.0.0.1:0',
      upstream: target.address,
    })
  }

  const add = (
    type: ToxicType,
    attributes: Record<string, number>,
    stream: 'upstream' | 'downstream' = 'downstream',
    toxicity = 1,
  ) => proxy.addToxic({ name: type, type, stream, toxicity, attributes })

  /** Opens a connection and waits for one byte to come back, so that both ends are open. */
  async function openConnection() {
    const client = await dial(proxy.listen)
    client.socket.write('!')
    await client.received(1)
    return client
  }

  /** Gives the server time to move data: it must respond to many requests, one after the other. */
  async function roundTrips() {
    for (let i = 0; i < 50; i++) await (await fetch(`${server.url}/version`)).text()
  }

  it('carries a megabyte in both directions unchanged', async () => {
    const client = await dial(proxy.listen)
    const text = Array.from({ length: 1 << 17 }, (_unused, i) => String(i).padStart(8, '0')).join(
      '',
    )
    client.socket.write(text)
    expect(await client.received(1 << 20)).toBe(text)
    client.socket.destroy()
  })

  it('closes the client connection if nothing listens at the upstream', async () => {
    const lost = await api.createProxy({
      name: 'lost',
      listen: '127.0.0.1:0',
      upstream: '127.0.0.1:1',
    })
    expect(await (await dial(lost.listen)).ended).toEqual({ bytes: 0, text: '', end: 'FIN' })
    await lost.remove()
  })

  it('has no half-close: data from the upstream after the client’s FIN is lost', async () => {
    await useUpstream((socket) => {
      socket.on('data', () => socket.write('!'))
      socket.on('end', () => socket.write('too late'))
    })
    const client = await openConnection()
    client.socket.end()
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
  })

  it('closes the client connection after all data when the upstream closes', async () => {
    await useUpstream((socket) => socket.end('bye'))
    expect(await (await dial(proxy.listen)).ended).toEqual({ bytes: 3, text: 'bye', end: 'FIN' })
  })

  it('closes and refuses connections when disabled, and reopens on the same port', async () => {
    const client = await openConnection()
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream })
    expect((await client.ended).end).toBe('FIN')
    await expect(dial(proxy.listen)).rejects.toThrow('ECONNREFUSED')
    await proxy.update({ enabled: true, listen: proxy.listen, upstream: proxy.upstream })
    ;(await openConnection()).socket.destroy()
  })

  it('latency: delays data on an open connection; its removal releases all of it', async () => {
    const client = await openConnection()
    const toxic = await add('latency', { latency: 100, jitter: 0 })
    const sent = now()
    client.socket.write('a')
    await client.received(2)
    expect(since(sent)).toBeGreaterThan(99)
    await toxic.update({ ...toxic.toJson(), attributes: { latency: 3_600_000, jitter: 0 } })
    client.socket.write('b')
    client.socket.write('c')
    await target.received(4)
    await toxic.remove()
    expect(await client.received(4)).toBe('!abc')
    client.socket.destroy()
  })

  it('bandwidth: keeps the rate; a rate of 0 holds everything until removed', async () => {
    await useUpstream((socket) => socket.on('data', () => socket.write(Buffer.alloc(2000))))
    const toxic = await add('bandwidth', { rate: 10 })
    const client = await dial(proxy.listen)
    const sent = now()
    client.socket.write('x')
    await client.received(2000)
    expect(since(sent)).toBeGreaterThan(190)
    await toxic.update({ ...toxic.toJson(), attributes: { rate: 0 } })
    client.socket.write('x')
    await toxic.remove()
    await client.received(4000)
    client.socket.destroy()
  })

  it('slow_close: delays the close of its own direction', async () => {
    await useUpstream((socket) => socket.end('bye'))
    await add('slow_close', { delay: 150 })
    const started = now()
    expect(await (await dial(proxy.listen)).ended).toMatchObject({ text: 'bye', end: 'FIN' })
    expect(since(started)).toBeGreaterThan(145)
  })

  it('timeout: drops data, then closes; its removal closes, too', async () => {
    const client = await openConnection()
    const toxic = await add('timeout', { timeout: 50 })
    client.socket.write('dropped')
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
    await toxic.update({ ...toxic.toJson(), attributes: { timeout: 0 } })
    const other = await dial(proxy.listen)
    const before = target.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0)
    other.socket.write('dropped')
    await target.received(before + 7)
    await toxic.remove()
    expect(await other.ended).toMatchObject({ bytes: 0, end: 'FIN' })
  })

  it('timeout upstream: the server receives nothing', async () => {
    await add('timeout', { timeout: 60 }, 'upstream')
    const client = await dial(proxy.listen)
    client.socket.write('dropped')
    expect(await client.ended).toMatchObject({ bytes: 0, end: 'FIN' })
    expect(target.sockets.map((socket) => socket.bytesRead)).toEqual([0])
  })

  it('slicer: delivers every byte', async () => {
    await add('slicer', { average_size: 100, size_variation: 20, delay: 10 })
    const client = await dial(proxy.listen)
    const text = 'tunnel'.repeat(1000)
    client.socket.write(text)
    expect(await client.received(6000)).toBe(text)
    client.socket.destroy()
  })

  it('limit_data: lets exactly the given number of bytes through, then closes', async () => {
    await add('limit_data', { bytes: 7 })
    const client = await dial(proxy.listen)
    client.socket.write('0123456789')
    expect(await client.ended).toEqual({ bytes: 7, text: '0123456', end: 'FIN' })
  })

  it('limit_data upstream: the server receives exactly the given number of bytes', async () => {
    await useUpstream((socket) => socket.resume())
    await add('limit_data', { bytes: 7 }, 'upstream')
    const client = await dial(proxy.listen)
    client.socket.write('0123456789')
    await client.ended
    await target.received(7)
    expect(target.sockets.map((socket) => socket.bytesRead)).toEqual([7])
  })

  it('reset_peer: resets both ends', async () => {
    let report: (code: string | undefined) => void
    const upstreamError = new Promise<string | undefined>((resolve) => {
      report = resolve
    })
    await useUpstream((socket) => {
      socket.on('data', () => socket.write('response'))
      socket.on('error', (error: NodeJS.ErrnoException) => report(error.code))
    })
    await add('reset_peer', { timeout: 30 })
    const client = await dial(proxy.listen)
    client.socket.write('x')
    expect(await client.ended).toEqual({ bytes: 0, text: '', end: 'ECONNRESET' })
    expect(await upstreamError).toBe('ECONNRESET')
  })

  it('reset_peer: closes a connection that opened before it with FIN', async () => {
    const client = await openConnection()
    await add('reset_peer', { timeout: 0 })
    client.socket.write('x')
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
  })

  it('reset_peer: makes every close a reset, even if its toxicity is 0', async () => {
    await useUpstream((socket) => socket.on('data', () => socket.end()))
    await add('reset_peer', { timeout: 0 }, 'downstream', 0)
    const client = await dial(proxy.listen)
    client.socket.write('x')
    expect((await client.ended).end).toBe('ECONNRESET')
  })

  it('reset: enables the proxy and removes its toxics', async () => {
    await add('timeout', { timeout: 0 })
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream })
    await api.reset()
    ;(await openConnection()).socket.destroy()
  })

  it('makes a fast sender wait for a slow reader', async () => {
    let sent = 0
    await useUpstream((socket) => {
      const block = Buffer.alloc(1 << 16)
      const fill = () => {
        while (sent < 1 << 28 && socket.write(block)) sent += block.length
      }
      socket.on('drain', fill)
      fill()
    })
    const client = await dial(proxy.listen)
    client.socket.pause()
    // Until the buffers of three sockets are full: nothing was sent during several round trips.
    let before = -1
    while (before !== sent) {
      before = sent
      await roundTrips()
    }
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(1 << 26)
    client.socket.destroy()
  })
})
