import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('slicer halves a chunk until no piece exceeds the average plus the variation', async () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 10 })
  const link = connect()
  link.server.write(bytes(64))
  expect(link.toClient.arrivals.map(([, length]) => length)).toEqual([8, 8, 8, 8, 8, 8, 8, 8])
})

it('slicer varies the length of pieces by the variation', () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 20, size_variation: 10 })
  const link = connect()
  link.server.write(bytes(5000))
  const sizes = link.toClient.arrivals.map(([, length]) => length)
  expect(new Set(sizes).size).toBeGreaterThan(3)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(30)
})

it('slicer waits after each piece, with the delay in microseconds', async () => {
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

it('slicer sends the rest of a chunk in one piece when it is removed', async () => {
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

it('slicer lets nothing out when all attributes are 0', async () => {
  const { clock, add, connect } = rig()
  add('slicer')
  const link = connect()
  link.server.write(bytes(80))
  await clock.advance(1e6)
  expect(link.toClient.chunks).toEqual([])
})

it('slicer rejects attributes that make Toxiproxy panic', () => {
  const { add } = rig()
  expect(() => add('slicer', { average_size: 5, size_variation: 6 })).toThrow(
    'size_variation must not exceed average_size, got 6 > 5',
  )
  expect(() => add('slicer', { average_size: 5, size_variation: -5 })).toThrow(
    'must be at least 1, got 5 + -5',
  )
})

it('slicer cuts a large chunk into single bytes without a stack overflow', () => {
  const { add, connect } = rig()
  add('slicer', { average_size: 1 })
  const link = connect()
  link.server.write(new Uint8Array(1 << 18))
  expect(link.toClient.chunks).toHaveLength(1 << 18)
})

it('slicer delivers every byte when it is removed during its own write', () => {
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
