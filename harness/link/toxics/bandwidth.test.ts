import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('bandwidth waits for as long as a chunk needs at its rate, then sends it', async () => {
  const { clock, add, connect } = rig()
  add('bandwidth', { rate: 10 })
  const link = connect()
  link.server.write(bytes(500))
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([[50, 500]])
})

it('bandwidth sends a chunk that needs longer than 100 ms in pieces of 100 ms', async () => {
  const { clock, add, connect } = rig()
  add('bandwidth', { rate: 1 })
  const link = connect()
  link.server.write(bytes(250))
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([
    [100, 100],
    [200, 100],
    [250, 50],
  ])
})

it('bandwidth keeps the rate over many small chunks', async () => {
  const { clock, add, connect } = rig()
  add('bandwidth', { rate: 1 })
  const link = connect()
  for (let i = 0; i < 100; i++) link.server.write(bytes(7, i))
  await clock.advance(10_000)
  expect(link.toClient.arrivals.at(-1)?.[0]).toBeCloseTo(700)
})

it('bandwidth holds everything at rate 0, and delivers it when removed', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('bandwidth', { rate: 0 })
  const link = connect()
  link.server.write(bytes(10))
  link.server.write(bytes(10, 10))
  link.server.end()
  await clock.advance(1e9)
  expect(link.toClient).toMatchObject({ chunks: [], closed: undefined })
  proxy.removeToxic(name)
  expect(link.toClient.bytes).toEqual([...bytes(20)])
  expect(link.toClient.closed?.by).toBe('FIN')
})

it('bandwidth releases the rest of a chunk at once when it is updated', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('bandwidth', { rate: 1 })
  const link = connect()
  link.server.write(bytes(250))
  await clock.advance(150)
  proxy.updateToxic(name, { attributes: { rate: 5 } })
  expect(link.toClient.arrivals).toEqual([
    [100, 100],
    [150, 150],
  ])
})

it('bandwidth rejects a negative rate, which makes Toxiproxy panic', () => {
  expect(() => rig().add('bandwidth', { rate: -1 })).toThrow('rate must not be negative, got -1')
})
