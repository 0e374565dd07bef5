import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('drops the first chunk and resets both ends after the timeout', async () => {
  const { clock, add, connect } = rig()
  add('reset_peer', { timeout: 200 })
  const link = connect()
  await clock.advance(50)
  link.server.write(bytes(5))
  link.server.write(bytes(5))
  await clock.advance(1000)
  expect(link.toClient).toMatchObject({ chunks: [], closed: { t: 250, by: 'RST' } })
  expect(link.toServer.closed).toEqual({ t: 250, by: 'RST' })
})

it('resets at once with a timeout of 0, on an end as well as on data', async () => {
  const { clock, add, connect } = rig()
  add('reset_peer')
  const link = connect()
  link.client.end()
  await clock.advance(0)
  expect(link.toServer.closed).toEqual({ t: 0, by: 'RST' })
  expect(link.toClient.closed).toEqual({ t: 0, by: 'RST' })
})

it('leaves an idle connection alone', async () => {
  const { clock, add, connect } = rig()
  add('reset_peer')
  const link = connect()
  await clock.advance(1e6)
  expect(link.toClient.closed).toBeUndefined()
})

it('only closes in good order a connection that was there before it', async () => {
  const { clock, add, connect } = rig()
  const link = connect()
  add('reset_peer')
  link.server.write(bytes(1))
  await clock.advance(10)
  expect(link.toClient.closed?.by).toBe('FIN')
})

it('has every close be a reset, on connections it does not touch too', () => {
  const { add, connect } = rig()
  add('reset_peer', {}, 'downstream', 0)
  const link = connect()
  link.client.end()
  expect([link.toServer.closed?.by, link.toClient.closed?.by]).toEqual(['RST', 'RST'])
})

it('keeps its word to a connection it has begun to break, when it is removed meanwhile', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('reset_peer', { timeout: 200 })
  const link = connect()
  link.server.write(bytes(5))
  proxy.removeToxic(name)
  link.server.write(bytes(5))
  await clock.advance(1000)
  expect(link.toClient).toMatchObject({ chunks: [], closed: { t: 200, by: 'RST' } })
})
