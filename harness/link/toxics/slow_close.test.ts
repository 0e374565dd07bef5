import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('delays the close in its own direction, not the data', async () => {
  const { clock, add, connect } = rig()
  add('slow_close', { delay: 500 })
  const link = connect()
  link.server.write(bytes(3))
  link.server.end()
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([[0, 3]])
  expect(link.toClient.closed).toEqual({ t: 500, by: 'FIN' })
})

it('keeps the client open after the client closed the other direction', async () => {
  const { clock, add, connect } = rig()
  add('slow_close', { delay: 500 })
  const link = connect()
  link.client.end()
  expect(link.toServer.closed?.t).toBe(0)
  await clock.advance(1000)
  expect(link.toClient.closed?.t).toBe(500)
})

it('starts its wait anew after an update', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('slow_close', { delay: 500 })
  const link = connect()
  link.server.end()
  await clock.advance(400)
  proxy.updateToxic(name, { attributes: { delay: 300 } })
  await clock.advance(1000)
  expect(link.toClient.closed?.t).toBe(700)
})

it('closes at once when it is removed during its wait', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('slow_close', { delay: 500 })
  const link = connect()
  link.server.end()
  await clock.advance(100)
  proxy.removeToxic(name)
  expect(link.toClient.closed?.t).toBe(100)
})
