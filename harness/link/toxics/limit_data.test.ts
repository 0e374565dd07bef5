import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('limit_data lets exactly the given number of bytes through, then closes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 10 }),
      (limit, sizes) => {
        const { add, connect } = rig()
        add('limit_data', { bytes: limit }, 'upstream')
        const link = connect()
        for (const size of sizes) link.client.write(bytes(size))
        const total = sizes.reduce((sum, size) => sum + size, 0)
        expect(link.toServer.bytes).toHaveLength(Math.min(limit, total))
        expect(link.toServer.closed !== undefined).toBe(total >= limit)
      },
    ),
  )
})

it('limit_data counts from when it was added to the connection, and across updates', () => {
  const { proxy, add, connect } = rig()
  const link = connect()
  link.client.write(bytes(100))
  const { name } = add('limit_data', { bytes: 50 }, 'upstream')
  link.client.write(bytes(30))
  proxy.updateToxic(name, { attributes: { bytes: 40 } })
  link.client.write(bytes(30))
  expect(link.toServer.bytes).toHaveLength(140)
  expect(link.toServer.closed?.by).toBe('FIN')
})

it('limit_data closes on the next chunk after an update puts the limit below the count', () => {
  const { proxy, add, connect } = rig()
  const { name } = add('limit_data', { bytes: 50 }, 'upstream')
  const link = connect()
  link.client.write(bytes(30))
  proxy.updateToxic(name, { attributes: { bytes: 10 } })
  expect(link.toServer.closed).toBeUndefined()
  link.client.write(bytes(30))
  expect(link.toServer.bytes).toHaveLength(30)
  expect(link.toServer.closed?.by).toBe('FIN')
})

it('limit_data with a limit of 0 keeps the connection open until something is sent', async () => {
  const { clock, add, connect } = rig()
  add('limit_data')
  const link = connect()
  await clock.advance(1e6)
  expect(link.toClient.closed).toBeUndefined()
  link.server.write(bytes(1))
  expect(link.toClient).toMatchObject({ chunks: [], closed: { by: 'FIN' } })
})

it('limit_data counts each connection separately', () => {
  const { add, connect } = rig()
  add('limit_data', { bytes: 5 })
  for (const link of [connect(), connect()]) {
    link.server.write(bytes(9))
    expect(link.toClient.bytes).toHaveLength(5)
  }
})
