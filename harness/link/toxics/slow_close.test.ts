import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('slow_close delays the close of its own direction, not the data', async () => {
  const { clock, add, connect } = rig()
  add('slow_close', { delay: 500 })
  const link = connect()
  link.server.write(bytes(3))
  link.server.end()
  await clock.advance(1000)
  expect(link.toClient.arrivals).toEqual([[0, 3]])
  expect(link.toClient.closed).toEqual({ t: 500, by: 'FIN' })
})

it('slow_close keeps its direction open after the client closed the other one', async () => {
  const { clock, add, connect } = rig()
  add('slow_close', { delay: 500 })
  const link = connect()
  link.client.end()
  expect(link.toServer.closed?.t).toBe(0)
  await clock.advance(1000)
  expect(link.toClient.closed?.t).toBe(500)
})

it('slow_close restarts its delay after an update', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('slow_close', { delay: 500 })
  const link = connect()
  link.server.end()
  await clock.advance(400)
  proxy.updateToxic(name, { attributes: { delay: 300 } })
  await clock.advance(1000)
  expect(link.toClient.closed?.t).toBe(700)
})

it('slow_close closes at once when it is removed during its delay', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('slow_close', { delay: 500 })
  const link = connect()
  link.server.end()
  await clock.advance(100)
  proxy.removeToxic(name)
  expect(link.toClient.closed?.t).toBe(100)
})
