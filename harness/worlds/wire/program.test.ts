import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPython } from '../../../reports/testing/xml.ts'
import { catalog } from '../../cli/catalog/catalog.ts'
import { pickClient } from '../../cli/catalog/pick-client.ts'
import { pickServer } from '../../cli/catalog/pick-server.ts'
import { openWire } from '../../cli/execute/open-wire.ts'
import type { ClientDefinition } from '../../core/client.ts'
import type { World } from '../../core/world.ts'
import { runScenario } from '../../run/run.ts'

const path = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))
const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
const [invariants, scenarios] = [await catalog.invariants(), await catalog.scenarios()]
const { definition: server } = await pickServer('dedup', '.')
const { definition } = await pickClient(path('outbox_client.json'), '.')
const client: ClientDefinition = { ...definition, command: ['python3', path('outbox_client.py')] }

// Every scenario is played by `.ci/run`.
describe.runIf(hasPython)('a program that reports only saved and view', () => {
  let world: World
  beforeAll(async () => {
    world = await openWire({ toxics, effects, toxiproxy: 'embedded', subjects: [] })
  })
  afterAll(() => world?.close())

  it.each(['first-message', 'tunnel-app-killed', 'edit-versus-delete', 'server-restart'])(
    'is decided by what the relays saw: %s',
    async (name) => {
      const scenario = scenarios.find((each) => each.name === name)
      if (!scenario) throw new Error(`no scenario is called '${name}'`)
      const played = { world, scenario, client, server, seed: 1, invariants, effects }
      const { result, history } = await runScenario(played)
      expect(result).toMatchObject({ verdict: 'pass' })
      const sent = history.requests.filter(({ device }) => device === 'ana')
      expect(sent.length).toBeGreaterThan(0)
      expect(sent.every(({ requestId }) => /^ana-r\d+$/.test(requestId))).toBe(true)
      // Every request that the server had is one that the relay saw.
      const ids = new Set(history.requests.map(({ requestId }) => requestId))
      expect(history.of('serverReceived').filter((event) => !ids.has(event.requestId))).toEqual([])
    },
  )
})
