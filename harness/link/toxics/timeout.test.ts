import { expect, it } from 'vitest'
import { bytes, rig } from '../testing/rig.ts'

it('timeout drops data and closes when none has come for the timeout', async () => {
  const { clock, add, connect } = rig()
  add('timeout', { timeout: 100 })
  const link = connect()
  await clock.advance(80)
  link.server.write(bytes(10))
  await clock.advance(80)
  expect(link.toClient.closed).toBeUndefined()
  await clock.advance(80)
  expect(link.toClient.chunks).toEqual([])
  expect(link.toClient.closed).toEqual({ t: 180, by: 'FIN' })
  expect(link.toServer.closed).toEqual({ t: 180, by: 'FIN' })
})

it('timeout of 0 never closes by itself, but passes the end on', async () => {
  const { clock, add, connect } = rig()
  add('timeout', { timeout: 0 }, 'upstream')
  const link = connect()
  link.client.write(bytes(10))
  await clock.advance(1e9)
  expect(link.toServer).toMatchObject({ chunks: [], closed: undefined })
  link.client.end()
  expect(link.toServer.closed?.by).toBe('FIN')
})

it('timeout has no effect on the other direction', () => {
  const { add, connect } = rig()
  add('timeout', {}, 'upstream')
  const link = connect()
  link.server.write(bytes(4))
  expect(link.toClient.arrivals).toEqual([[0, 4]])
})

it('timeout closes each connection when it is removed, also those that its toxicity spared', () => {
  for (const toxicity of [0, 1]) {
    const { proxy, add, connect } = rig()
    const { name } = add('timeout', {}, 'downstream', toxicity)
    const link = connect()
    proxy.removeToxic(name)
    expect(link.toClient.closed?.by).toBe('FIN')
    expect(link.toServer.closed?.by).toBe('FIN')
  }
})

it('timeout restarts its wait after an update', async () => {
  const { clock, proxy, add, connect } = rig()
  const { name } = add('timeout', { timeout: 100 })
  const link = connect()
  await clock.advance(90)
  proxy.updateToxic(name, { attributes: { timeout: 50 } })
  await clock.advance(100)
  expect(link.toClient.closed?.t).toBe(140)
})
