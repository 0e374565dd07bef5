import { type ToxicType, Toxiproxy } from 'toxiproxy-node-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { realBinary, type ServerUnderTest, startOurs, startReal } from './testing/servers.ts'
import { dial, type Upstream, upstream } from './testing/wire.ts'

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

// Each probe holds of the real server too: that is what makes it a fact about Toxiproxy and not about us.
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
  beforeEach(() => through())
  afterEach(async () => {
    await proxy.remove().catch(() => {})
    await target.close()
  })

  /** A new upstream behind a new proxy. */
  async function through(...serve: Parameters<typeof upstream>) {
    await proxy?.remove().catch(() => {})
    await target?.close()
    target = await upstream(...serve)
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

  /** A connection on which something has come back, so that it is known to stand at both ends. */
  async function standing() {
    const client = await dial(proxy.listen)
    client.socket.write('!')
    await client.received(1)
    return client
  }

  it('carries a megabyte there and back unharmed', async () => {
    const client = await dial(proxy.listen)
    const text = Array.from({ length: 1 << 17 }, (_unused, i) => String(i).padStart(8, '0')).join(
      '',
    )
    client.socket.write(text)
    expect(await client.received(1 << 20)).toBe(text)
    client.socket.destroy()
  })

  it('closes the client when nobody listens at the upstream', async () => {
    const lost = await api.createProxy({
      name: 'lost',
      listen: '127.0.0.1:0',
      upstream: '127.0.0.1:1',
    })
    expect(await (await dial(lost.listen)).ended).toEqual({ bytes: 0, text: '', end: 'FIN' })
    await lost.remove()
  })

  it('knows no half-close: what the upstream says after the client’s FIN is lost', async () => {
    await through((socket) => {
      socket.on('data', () => socket.write('!'))
      socket.on('end', () => socket.write('too late'))
    })
    const client = await standing()
    client.socket.end()
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
  })

  it('passes the upstream’s close on, with all that came before', async () => {
    await through((socket) => socket.end('bye'))
    expect(await (await dial(proxy.listen)).ended).toEqual({ bytes: 3, text: 'bye', end: 'FIN' })
  })

  it('breaks live connections when disabled, refuses others, and is back on the same port', async () => {
    const client = await standing()
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream })
    expect((await client.ended).end).toBe('FIN')
    await expect(dial(proxy.listen)).rejects.toThrow('ECONNREFUSED')
    await proxy.update({ enabled: true, listen: proxy.listen, upstream: proxy.upstream })
    ;(await standing()).socket.destroy()
  })

  it('latency: comes no sooner, on a live connection too; its removal lets everything go', async () => {
    const client = await standing()
    const toxic = await add('latency', { latency: 100, jitter: 0 })
    const sent = now()
    client.socket.write('a')
    await client.received(2)
    expect(since(sent)).toBeGreaterThan(99)
    await toxic.update({ ...toxic.toJson(), attributes: { latency: 3_600_000, jitter: 0 } })
    client.socket.write('b')
    client.socket.write('c')
    await target.receives(4)
    await toxic.remove()
    expect(await client.received(4)).toBe('!abc')
    client.socket.destroy()
  })

  it('bandwidth: keeps the rate; 0 holds back until removed', async () => {
    await through((socket) => socket.on('data', () => socket.write(Buffer.alloc(2000))))
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

  it('slow_close: delays its own direction’s close', async () => {
    await through((socket) => socket.end('bye'))
    await add('slow_close', { delay: 150 })
    const started = now()
    expect(await (await dial(proxy.listen)).ended).toMatchObject({ text: 'bye', end: 'FIN' })
    expect(since(started)).toBeGreaterThan(145)
  })

  it('timeout: swallows, then closes; its removal closes too', async () => {
    const client = await standing()
    const toxic = await add('timeout', { timeout: 50 })
    client.socket.write('swallowed')
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
    await toxic.update({ ...toxic.toJson(), attributes: { timeout: 0 } })
    const other = await dial(proxy.listen)
    const before = target.sockets.reduce((sum, socket) => sum + socket.bytesRead, 0)
    other.socket.write('swallowed')
    await target.receives(before + 9)
    await toxic.remove()
    expect(await other.ended).toMatchObject({ bytes: 0, end: 'FIN' })
  })

  it('timeout upstream: the server hears nothing', async () => {
    await add('timeout', { timeout: 60 }, 'upstream')
    const client = await dial(proxy.listen)
    client.socket.write('unheard')
    expect(await client.ended).toMatchObject({ bytes: 0, end: 'FIN' })
    expect(target.sockets.map((socket) => socket.bytesRead)).toEqual([0])
  })

  it('slicer: keeps every byte', async () => {
    await add('slicer', { average_size: 100, size_variation: 20, delay: 10 })
    const client = await dial(proxy.listen)
    const text = 'tunnel'.repeat(1000)
    client.socket.write(text)
    expect(await client.received(6000)).toBe(text)
    client.socket.destroy()
  })

  it('limit_data: lets exactly so many bytes through, then closes', async () => {
    await add('limit_data', { bytes: 7 })
    const client = await dial(proxy.listen)
    client.socket.write('0123456789')
    expect(await client.ended).toEqual({ bytes: 7, text: '0123456', end: 'FIN' })
  })

  it('limit_data upstream: the server gets exactly so many bytes', async () => {
    await through((socket) => socket.resume())
    await add('limit_data', { bytes: 7 }, 'upstream')
    const client = await dial(proxy.listen)
    client.socket.write('0123456789')
    await client.ended
    await target.receives(7)
    expect(target.sockets.map((socket) => socket.bytesRead)).toEqual([7])
  })

  it('reset_peer: resets both ends', async () => {
    const broken = new Promise<string>((resolve) => {
      through((socket) => {
        socket.on('data', () => socket.write('answer'))
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      })
        .then(() => add('reset_peer', { timeout: 30 }))
        .then(() => dial(proxy.listen))
        .then(async (client) => {
          client.socket.write('x')
          expect(await client.ended).toEqual({ bytes: 0, text: '', end: 'ECONNRESET' })
        })
    })
    expect(await broken).toBe('ECONNRESET')
  })

  it('reset_peer: closes a connection that was there before it in good order', async () => {
    const client = await standing()
    await add('reset_peer', { timeout: 0 })
    client.socket.write('x')
    expect(await client.ended).toMatchObject({ text: '!', end: 'FIN' })
  })

  it('reset_peer: makes every close a reset, whatever its toxicity', async () => {
    await through((socket) => socket.on('data', () => socket.end()))
    await add('reset_peer', { timeout: 0 }, 'downstream', 0)
    const client = await dial(proxy.listen)
    client.socket.write('x')
    expect((await client.ended).end).toBe('ECONNRESET')
  })

  it('reset: enables, and takes the toxics off', async () => {
    await add('timeout', { timeout: 0 })
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream })
    await api.reset()
    ;(await standing()).socket.destroy()
  })

  it('has a fast sender wait for a slow reader', async () => {
    let sent = 0
    await through((socket) => {
      const block = Buffer.alloc(1 << 16)
      const fill = () => {
        while (sent < 1 << 28 && socket.write(block)) sent += block.length
      }
      socket.on('drain', fill)
      fill()
    })
    const client = await dial(proxy.listen)
    client.socket.pause()
    // Written until nothing moves any more: the buffers of three sockets and no more.
    let before = -1
    while (before !== sent) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(sent).toBeLessThan(1 << 26)
    client.socket.destroy()
  })
})
