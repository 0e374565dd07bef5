import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, rig } from './testing/rig.ts'
import { allToxics } from './testing/toxics.ts'

const toxics = await allToxics()

type Attributes = Readonly<Record<string, number>>

interface Lossless {
  /** Attributes that let everything through in finite time. */
  readonly attributes: fc.Arbitrary<Attributes>
  /** Attributes that make its sender wait, if the toxic ever does. */
  readonly slow: Attributes
}

/** The toxics that lose no bytes, by type. */
const LOSSLESS: Readonly<Record<string, Lossless | undefined>> = {
  noop: { attributes: fc.constant({}), slow: {} },
  latency: {
    attributes: fc.record({ latency: fc.nat(5000), jitter: fc.nat(1000) }),
    slow: { latency: 1000 },
  },
  bandwidth: {
    attributes: fc.record({ rate: fc.integer({ min: 1, max: 50 }) }),
    slow: { rate: 1 },
  },
  slow_close: { attributes: fc.record({ delay: fc.nat(5000) }), slow: {} },
  slicer: {
    attributes: fc
      .record({
        average_size: fc.integer({ min: 1, max: 64 }),
        percent: fc.nat(100),
        delay: fc.nat(20_000),
      })
      .map(({ average_size, percent, delay }) => ({
        average_size,
        size_variation: Math.floor((average_size * percent) / 100),
        delay,
      })),
    slow: { average_size: 1, delay: 1000 },
  },
}
const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 12 })
const streams = fc.constantFrom('upstream', 'downstream')

type Link = ReturnType<ReturnType<typeof rig>['connect']>
const ends = (link: Link, stream: string) =>
  stream === 'upstream'
    ? { source: link.client, sink: link.toServer }
    : { source: link.server, sink: link.toClient }

function chunksOf(sizes: readonly number[]): Uint8Array[] {
  let from = 0
  return sizes.map((size) => {
    from += size
    return bytes(size, from - size)
  })
}

describe.each([...toxics.values()])('$type', (toxic) => {
  const { type } = toxic
  const lossless = LOSSLESS[type]

  it(`${type} has default attributes that are whole numbers and valid`, () => {
    const defaults = Object.fromEntries(
      Object.entries(toxic.attributes).map(([name, { default: value }]) => [name, value]),
    )
    expect(Object.values(defaults).every(Number.isInteger)).toBe(true)
    expect(toxic.check?.(defaults)).toBeUndefined()
  })

  it(`${type} spares a connection at toxicity 0, and never acts on the other stream`, () => {
    const { add, connect } = rig()
    add(type, {}, 'upstream', 0)
    const link = connect()
    link.client.write(bytes(40))
    link.server.write(bytes(30))
    expect(link.toServer.bytes).toEqual([...bytes(40)])
    expect(link.toClient.bytes).toEqual([...bytes(30)])
  })

  it(`${type} has no effect on a connection that opens after its removal`, async () => {
    const { clock, proxy, add, connect } = rig()
    const { name } = add(type)
    connect().server.write(bytes(10))
    proxy.removeToxic(name)
    expect(proxy.list()).toEqual([])
    const link = connect()
    link.server.write(bytes(10))
    expect(link.toClient.bytes).toEqual([...bytes(10)])
    await clock.advance(1e6)
    expect(link.toClient.closed).toBeUndefined()
  })

  it(`${type} lets nothing out after the connection is closed`, async () => {
    const { clock, proxy, add, connect } = rig()
    add(type)
    const link = connect()
    link.server.write(bytes(10))
    link.server.end()
    proxy.closeAll()
    expect(link.toClient.closed).toMatchObject({ t: 0 })
    expect(link.toServer.closed).toMatchObject({ t: 0 })
    // The sinks of the rig throw if anything comes out after that.
    link.server.write(bytes(10))
    link.client.end()
    await clock.advance(1e6)
  })

  it(`${type} gives the same output for the same seed`, async () => {
    const play = async () => {
      const { clock, proxy, connect } = rig(42)
      const given = Object.fromEntries(Object.keys(toxic.attributes).map((name) => [name, 20]))
      proxy.addToxic({ type, stream: 'downstream', toxicity: 0.5, attributes: given })
      const links = Array.from({ length: 20 }, connect)
      for (const { server } of links) server.write(bytes(300))
      await clock.advance(1e5)
      return links.map(({ toClient }) => [toClient.arrivals, toClient.closed])
    }
    expect(await play()).toEqual(await play())
  })

  if (lossless) {
    const { attributes, slow } = lossless

    it(`${type} delivers every byte in order, then closes`, async () => {
      await fc.assert(
        fc.asyncProperty(
          attributes,
          lengths,
          streams,
          fc.nat(),
          async (given, sizes, stream, seed) => {
            const { clock, add, connect } = rig(seed)
            add(type, given, stream)
            const link = connect()
            const { source, sink } = ends(link, stream)
            for (const chunk of chunksOf(sizes)) source.write(chunk)
            source.end()
            await clock.advance(1e9)
            expect(sink.bytes).toEqual(chunksOf(sizes).flatMap((chunk) => [...chunk]))
            expect(sink.closed).toBeDefined()
          },
        ),
        { numRuns: 30 },
      )
    })

    it(`${type} delivers every byte in order while toxics come, change and leave`, async () => {
      const changes = fc.array(
        fc.record({
          wait: fc.nat(300),
          change: fc.constantFrom('add or remove', 'update', 'neighbour'),
        }),
        { maxLength: 10 },
      )
      await fc.assert(
        fc.asyncProperty(
          attributes,
          attributes,
          lengths,
          changes,
          fc.double({ min: 0, max: 1, noNaN: true }),
          async (a, b, sizes, plan, toxicity) => {
            const { clock, proxy, connect } = rig()
            const link = connect()
            const chunks = chunksOf(sizes)
            const addOrRemove = (name: string, type: string, attributes: Attributes) => {
              if (proxy.find(name)) proxy.removeToxic(name)
              else proxy.addToxic({ name, type, stream: 'downstream', toxicity, attributes })
            }
            for (const [i, { wait, change }] of plan.entries()) {
              const chunk = chunks[i]
              if (chunk) link.server.write(chunk)
              if (change === 'add or remove') addOrRemove('tested', type, a)
              else if (change === 'neighbour')
                addOrRemove('neighbour', 'latency', { latency: 50, jitter: 20 })
              else if (proxy.find('tested')) proxy.updateToxic('tested', { attributes: b })
              await clock.advance(wait)
            }
            for (const chunk of chunks.slice(plan.length)) link.server.write(chunk)
            await clock.advance(1e9)
            expect(link.toClient.bytes).toEqual(chunks.flatMap((chunk) => [...chunk]))
          },
        ),
        { numRuns: 50 },
      )
    })

    it(`${type} makes its sender wait while its buffer is full`, async () => {
      const { clock, add, connect } = rig()
      add(type, slow)
      const link = connect()
      let drains = 0
      link.server.onDrain = () => drains++
      const capacity = 1 + (toxic.bufferSize ?? 0)
      let writes = 0
      let hasRoom = true
      while (hasRoom && writes < capacity + 10) {
        hasRoom = link.server.write(bytes(50))
        writes++
      }
      expect(hasRoom || writes <= capacity).toBe(true)
      expect(hasRoom).toBe(link.toClient.bytes.length === writes * 50)
      await clock.advance(1e6)
      expect(link.toClient.bytes).toHaveLength(writes * 50)
      expect(drains).toBe(hasRoom ? 0 : 1)
    })
  }
})
