import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalog } from '../../cli/catalog/catalog.ts'
import { openWire } from '../../cli/execute/open-wire.ts'
import type { World } from '../../core/world.ts'
import { lostAcks } from '../../run/lost-acks.ts'
import { runScenario } from '../../run/run.ts'
import socketClient from '../../testing/tiny-socket-client.ts'
import socketServer from '../../testing/tiny-socket-server.ts'
import streamClient from '../../testing/tiny-stream-client.ts'
import streamServer from '../../testing/tiny-stream-server.ts'

const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
const [invariants, scenarios] = [await catalog.invariants(), await catalog.scenarios()]
const PAIRS = {
  'HTTP/1.1 on connections of bytes': [streamClient, streamServer],
  'messages on a WebSocket': [socketClient, socketServer],
} as const

describe.each(Object.entries(PAIRS))('a client and a server with %s', (kind, [client, server]) => {
  let world: World
  beforeAll(async () => {
    world = await openWire({ toxics, effects, toxiproxy: 'embedded', subjects: [] })
  })
  afterAll(() => world?.close())

  it.each(['first-message', 'tunnel', 'lost-ack', 'server-restart'])(
    'is observed on both sides of the link: %s',
    async (name) => {
      const scenario = scenarios.find((each) => each.name === name)
      if (!scenario) throw new Error(`no scenario is called '${name}'`)
      const { history } = await runScenario({
        ...{ world, scenario, client, server, seed: 1, invariants, effects },
      })
      // The tiny client shows nobody else's messages: only what was carried is judged.
      expect(history.operations.map(({ commits }) => commits.length)).toSatisfy((counts) =>
        counts.every((count: number) => count === 1),
      )
      expect(history.of('invalid')).toEqual([])
      const writes = history.requests.filter(({ request }) => request.opIds.length > 0)
      const received = writes.filter((trip) => trip.received)
      expect(received.length).toBeGreaterThan(0)
      const isMessage = kind.startsWith('messages')
      for (const { request, response } of writes) {
        expect(request.method === 'MESSAGE').toBe(isMessage)
        if (isMessage) expect(response?.outcome).toBe('sent')
      }
      if (name === 'lost-ack') expect(lostAcks(history).length).toBeGreaterThan(0)
    },
  )
})
