import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('reset_peer drops the first chunk and resets both ends after the timeout', async () => {
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

it('reset_peer with a timeout of 0 resets at once, also on an end without data', async () => {
  const { clock, add, connect } = rig()
  add('reset_peer')
  const link = connect()
  link.client.end()
  await clock.advance(0)
  expect(link.toServer.closed).toEqual({ t: 0, by: 'RST' })
  expect(link.toClient.closed).toEqual({ t: 0, by: 'RST' })
})

it('reset_peer keeps an idle connection open', async () => {
  const { clock, add, connect } = rig()
  add('reset_peer')
  const link = connect()
  await clock.advance(1e6)
  expect(link.toClient.closed).toBeUndefined()
})

it('reset_peer closes a connection that opened before it with FIN', async () => {
  const { clock, add, connect } = rig()
  const link = connect()
  add('reset_peer')
  link.server.write(bytes(1))
  await clock.advance(10)
  expect(link.toClient.closed?.by).toBe('FIN')
})

it('reset_peer makes every close a reset, also on connections that its toxicity spares', () => {
  const { add, connect } = rig()
  add('reset_peer', {}, 'downstream', 0)
  const link = connect()
  link.client.end()
  expect(link.toServer.closed?.by).toBe('RST')
  expect(link.toClient.closed?.by).toBe('RST')
})

it('reset_peer resets a connection that it began to break, even after its removal', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('reset_peer', { timeout: 200 })
  const link = connect()
  link.server.write(bytes(5))
  proxy.removeToxic(name)
  link.server.write(bytes(5))
  await clock.advance(1000)
  expect(link.toClient).toMatchObject({ chunks: [], closed: { t: 200, by: 'RST' } })
})
