import { describe, expect, it } from 'vitest'
import { bytes, rig } from './testing/rig.ts'

describe('a connection without toxics', () => {
  it('without toxics, each chunk is passed on unchanged during the call that wrote it', () => {
    const link = rig().connect()
    const chunk = bytes(9)
    expect(link.client.write(chunk)).toBe(true)
    expect(link.toServer.chunks[0]?.bytes).toBe(chunk)
    link.server.write(bytes(4))
    expect(link.toClient.bytes).toEqual([...bytes(4)])
  })

  it('without toxics, both ends close when one side ends: there is no half-close', () => {
    const link = rig().connect()
    link.client.end()
    link.server.write(bytes(4))
    link.client.write(bytes(4))
    expect(link.toServer).toMatchObject({ chunks: [], closed: { by: 'FIN' } })
    expect(link.toClient).toMatchObject({ chunks: [], closed: { by: 'FIN' } })
  })
})

describe('the toxics of a proxy', () => {
  it('lists upstream before downstream toxics, in the order of adding, with default names', () => {
    const { proxy, add } = rig()
    add('noop')
    add('latency', { latency: 5 }, 'UpStream')
    proxy.addToxic({ name: 'b', type: 'noop', stream: 'upstream' })
    expect(
      proxy
        .list()
        .map(({ name, stream, toxicity, attributes }) => [name, stream, toxicity, attributes]),
    ).toEqual([
      ['latency_UpStream', 'UpStream', 1, { latency: 5, jitter: 0 }],
      ['b', 'upstream', 1, {}],
      ['noop_downstream', 'downstream', 1, {}],
    ])
  })

  it.each([
    [
      { type: 'nope', stream: 'sideways' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    [
      { type: 'latency', stream: '' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    [{ name: 'used', type: 'nope', stream: 'upstream' }, 400, 'invalid toxic type'],
    [
      { name: 'used', type: 'latency', stream: 'upstream', attributes: { latency: 1.5 } },
      409,
      'toxic already exists',
    ],
    [
      { type: 'latency', stream: 'upstream', attributes: { latency: 1.5 } },
      400,
      'bad request body: attributes.latency must be a whole number, got 1.5',
    ],
  ])('rejects the toxic %o', (request, status, message) => {
    const { proxy } = rig()
    proxy.addToxic({ name: 'used', type: 'noop', stream: 'downstream' })
    expect(() => proxy.addToxic(request)).toThrow(expect.objectContaining({ status, message }))
    expect(proxy.list()).toHaveLength(1)
  })

  it('merges attributes on update, and rejects names of toxics that do not exist', () => {
    const { proxy, add } = rig()
    const { name } = add('latency', { latency: 5, jitter: 1 })
    expect(
      proxy.updateToxic(name, { attributes: { jitter: 2, unknown: 3 }, toxicity: 0.5 }),
    ).toMatchObject({
      attributes: { latency: 5, jitter: 2 },
      toxicity: 0.5,
    })
    expect(() => proxy.updateToxic('nope', {})).toThrow(
      expect.objectContaining({ status: 404, message: 'toxic not found' }),
    )
    expect(() => proxy.removeToxic('nope')).toThrow(
      expect.objectContaining({ status: 404, message: 'toxic not found' }),
    )
  })
})

describe('toxicity', () => {
  const affectedOf1000 = (toxicity: number) => {
    const { proxy, connect } = rig(3)
    proxy.addToxic({ type: 'limit_data', stream: 'downstream', toxicity, attributes: { bytes: 1 } })
    return Array.from({ length: 1000 }, connect).filter((link) => {
      link.server.write(bytes(5))
      return link.toClient.bytes.length === 1
    }).length
  }

  it('a toxic acts on the share of connections that its toxicity defines', () => {
    expect(affectedOf1000(0)).toBe(0)
    expect(affectedOf1000(1)).toBe(1000)
    expect(affectedOf1000(0.3)).toBeGreaterThan(240)
    expect(affectedOf1000(0.3)).toBeLessThan(360)
  })

  it('toxicity is rolled again on an open connection when the toxic is updated', () => {
    const { proxy, add, connect } = rig()
    const { name } = add('timeout', {}, 'downstream', 0)
    const link = connect()
    proxy.updateToxic(name, { toxicity: 1 })
    link.server.write(bytes(5))
    expect(link.toClient.bytes).toEqual([])
  })

  it('toxicity is rolled again on an open connection when a toxic is added behind it', () => {
    const { add, connect } = rig()
    const links = Array.from({ length: 200 }, connect)
    add('bandwidth', { rate: 0 }, 'downstream', 0.5)
    const held = links.filter((link) => !link.server.write(bytes(1)))
    add('noop')
    const stillHeld = links.filter((link) => link.toClient.chunks.length === 0)
    expect(held.length).toBeGreaterThan(60)
    expect(stillHeld).toEqual([])
  })

  it('toxicity is rolled for each connection independently of what happens to the others', () => {
    const rolls = (disturb: boolean) => {
      const { proxy, connect } = rig(9)
      proxy.addToxic({ type: 'timeout', stream: 'downstream', toxicity: 0.5 })
      return Array.from({ length: 30 }, () => {
        const link = connect()
        link.server.write(bytes(1))
        if (disturb) link.client.write(bytes(9))
        if (disturb) proxy.updateToxic('timeout_downstream', {})
        return link.toClient.chunks.length
      })
    }
    expect(rolls(true)).toEqual(rolls(false))
    expect(new Set(rolls(false))).toEqual(new Set([0, 1]))
  })
})

describe('toxics on open connections', () => {
  it('toxics act in the order in which they were added', async () => {
    const { clock, proxy, connect } = rig()
    const link = connect()
    proxy.addToxic({
      name: 'cut',
      type: 'limit_data',
      stream: 'downstream',
      attributes: { bytes: 10 },
    })
    proxy.addToxic({
      name: 'late',
      type: 'latency',
      stream: 'downstream',
      attributes: { latency: 100 },
    })
    link.server.write(bytes(30))
    await clock.advance(1000)
    expect(link.toClient.arrivals).toEqual([[100, 10]])
    expect(link.toClient.closed?.t).toBe(100)
  })

  it('removes a toxic from the middle of a chain without an effect on the others', async () => {
    const { clock, proxy, connect } = rig()
    const link = connect()
    for (const name of ['a', 'b', 'c'])
      proxy.addToxic({ name, type: 'latency', stream: 'upstream', attributes: { latency: 100 } })
    await clock.advance(10)
    proxy.removeToxic('b')
    link.client.write(bytes(1))
    await clock.advance(1000)
    expect(link.toServer.arrivals).toEqual([[210, 1]])
    proxy.removeAllToxics()
    link.client.write(bytes(1))
    expect(link.toServer.arrivals.at(-1)).toEqual([1010, 1])
  })

  it('wakes a waiting sender when the toxic that held its chunk is removed', () => {
    const { proxy, add, connect } = rig()
    const { name } = add('bandwidth', { rate: 0 })
    const link = connect()
    let drained = 0
    link.server.onDrain = () => drained++
    expect(link.server.write(bytes(1))).toBe(false)
    proxy.removeToxic(name)
    expect(drained).toBe(1)
    expect(link.server.write(bytes(1))).toBe(true)
  })
})

describe('closeAll', () => {
  it('closeAll closes both ends of every connection and drops chunks on their way', async () => {
    const { clock, proxy, add, connect } = rig()
    add('latency', { latency: 100 })
    const links = [connect(), connect()]
    for (const link of links) link.server.write(bytes(5))
    proxy.closeAll()
    await clock.advance(1000)
    for (const link of links) {
      expect(link.toClient).toMatchObject({ chunks: [], closed: { t: 0, by: 'FIN' } })
      expect(link.toServer.closed).toEqual({ t: 0, by: 'FIN' })
    }
  })

  it('closeAll keeps the toxics for new connections', () => {
    const { proxy, add, connect } = rig()
    add('timeout')
    proxy.closeAll()
    const link = connect()
    link.server.write(bytes(5))
    expect(link.toClient.chunks).toEqual([])
  })
})
