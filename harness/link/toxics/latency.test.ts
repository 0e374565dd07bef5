import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('latency delays each chunk from its own arrival, in its own direction', async () => {
  const { clock, add, connect } = rig()
  add('latency', { latency: 300 })
  const link = connect()
  link.server.write(bytes(1))
  await clock.advance(100)
  link.server.write(bytes(2))
  link.client.write(bytes(3))
  expect(link.toServer.arrivals).toEqual([[100, 3]])
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([
    [300, 1],
    [400, 2],
  ])
})

it('latency does not delay a close without data before it', () => {
  const { add, connect } = rig()
  add('latency', { latency: 300 })
  const link = connect()
  link.server.end()
  expect(link.toClient.closed).toEqual({ t: 0, by: 'FIN' })
})

it('latency delays a close together with the data before it', async () => {
  const { clock, add, connect } = rig()
  add('latency', { latency: 300 })
  const link = connect()
  link.server.write(bytes(1))
  link.server.end()
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([[300, 1]])
  expect(link.toClient.closed).toEqual({ t: 300, by: 'FIN' })
})

it('the delays of two latency toxics add up', async () => {
  const { clock, proxy, connect } = rig()
  proxy.addToxic({ name: 'a', type: 'latency', stream: 'upstream', attributes: { latency: 100 } })
  proxy.addToxic({ name: 'b', type: 'latency', stream: 'upstream', attributes: { latency: 50 } })
  const link = connect()
  link.client.write(bytes(1))
  link.client.write(bytes(1))
  await clock.advance(1000)
  expect(link.toServer.arrivals).toEqual([
    [150, 1],
    [150, 1],
  ])
})

it('latency keeps the order of chunks, and each delay within latency ± jitter', async () => {
  const { clock, add, connect } = rig(7)
  add('latency', { latency: 100, jitter: 40 })
  const link = connect()
  for (let i = 0; i < 200; i++) link.server.write(bytes(1, i))
  await clock.advance(1000)
  expect(link.toClient.bytes).toEqual([...bytes(200)])
  const times = link.toClient.arrivals.map(([t]) => t)
  expect(times[0]).toBeGreaterThanOrEqual(60)
  expect(Math.max(...times)).toBeLessThan(140)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

it('latency releases all waiting chunks at once when it is removed', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('latency', { latency: 300 })
  const link = connect()
  for (let i = 0; i < 5; i++) link.server.write(bytes(1, i))
  await clock.advance(10)
  proxy.removeToxic(name)
  expect(link.toClient.arrivals.map(([t]) => t)).toEqual([10, 10, 10, 10, 10])
  expect(link.toClient.bytes).toEqual([0, 1, 2, 3, 4])
})

it('latency releases only the chunk it holds when it is updated', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('latency', { latency: 300 })
  const link = connect()
  link.server.write(bytes(1))
  link.server.write(bytes(2))
  await clock.advance(10)
  proxy.updateToxic(name, { attributes: { latency: 500 } })
  expect(link.toClient.arrivals).toEqual([[10, 1]])
  await clock.advance(1000)
  expect(link.toClient.arrivals[1]).toEqual([500, 2])
})

it('latency makes its sender wait after 1024 chunks, and wakes it when there is room', async () => {
  const { clock, add, connect } = rig()
  add('latency', { latency: 300 })
  const link = connect()
  let drained = 0
  link.server.onDrain = () => drained++
  let written = 1
  while (link.server.write(bytes(1))) written++
  expect(written).toBe(1025)
  expect(drained).toBe(0)
  await clock.advance(1000)
  expect(drained).toBe(1)
  expect(link.toClient.chunks).toHaveLength(1025)
})
