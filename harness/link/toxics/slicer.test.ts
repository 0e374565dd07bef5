import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('halves until the pieces are no longer than the average plus the variation', async () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 10 })
  const link = connect()
  link.server.write(bytes(64))
  expect(link.toClient.arrivals.map(([, length]) => length)).toEqual([8, 8, 8, 8, 8, 8, 8, 8])
})

it('strays with the variation', () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 20, size_variation: 10 })
  const link = connect()
  link.server.write(bytes(5000))
  const sizes = link.toClient.arrivals.map(([, length]) => length)
  expect(new Set(sizes).size).toBeGreaterThan(3)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(30)
})

it('waits after each piece, in microseconds', async () => {
  const { clock, add, connect } = rig()
  add('slicer', { average_size: 10, delay: 2500 })
  const link = connect()
  link.server.write(bytes(20))
  link.server.end()
  await clock.advance(100)
  expect(link.toClient.arrivals).toEqual([
    [0, 10],
    [2.5, 10],
  ])
  expect(link.toClient.closed?.t).toBe(5)
})

it('sends the rest in one piece when it is interrupted', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('slicer', { average_size: 10, delay: 1_000_000 })
  const link = connect()
  link.server.write(bytes(80))
  await clock.advance(1500)
  proxy.removeToxic(name)
  expect(link.toClient.arrivals).toEqual([
    [0, 10],
    [1000, 10],
    [1500, 60],
  ])
})

it('lets nothing out when all is 0', async () => {
  const { clock, add, connect } = rig()
  add('slicer')
  const link = connect()
  link.server.write(bytes(80))
  await clock.advance(1e6)
  expect(link.toClient.chunks).toEqual([])
})

it('refuses what makes the original panic', () => {
  const { add } = rig()
  expect(() => add('slicer', { average_size: 5, size_variation: 6 })).toThrow(
    'size_variation must not exceed average_size, got 6 > 5',
  )
  expect(() => add('slicer', { average_size: 5, size_variation: -5 })).toThrow(
    'must be at least 1, got 5 + -5',
  )
})

it('cuts a large chunk into single bytes without running out of stack', () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 1 })
  const link = connect()
  link.server.write(new Uint8Array(1 << 18))
  expect(link.toClient.chunks).toHaveLength(1 << 18)
})

it('delivers every byte when a write leads to its removal', () => {
  const { proxy, add, connect } = rig()
  const { name } = add('slicer', { average_size: 10, delay: 1000 })
  const link = connect()
  const write = link.toClient.write.bind(link.toClient)
  link.toClient.write = (chunk) => {
    write(chunk)
    if (proxy.find(name)) proxy.removeToxic(name)
  }
  link.server.write(bytes(40))
  expect(link.toClient.arrivals).toEqual([
    [0, 10],
    [0, 30],
  ])
  expect(link.toClient.bytes).toEqual([...bytes(40)])
})
