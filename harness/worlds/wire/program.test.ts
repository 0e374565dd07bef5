import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPython } from '../../../reports/testing/xml.ts'
import { catalog } from '../../cli/catalog/catalog.ts'
import { pickClient } from '../../cli/catalog/pick-client.ts'
import { pickServer } from '../../cli/catalog/pick-server.ts'
import { openWire } from '../../cli/execute/open-wire.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { breachedIds } from '../../core/result.ts'
import type { World } from '../../core/world.ts'
import { runScenario } from '../../run/run.ts'

const path = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url))
const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
const [invariants, scenarios] = [await catalog.invariants(), await catalog.scenarios()]
const { definition: server } = await pickServer('dedup', '.')
const { definition } = await pickClient(path('outbox_client.json'), '.')
/** The definition is the same for all: a flawed client does not know that it is. */
const program = (file: string, ...args: string[]): ClientDefinition => ({
  ...definition,
  command: ['python3', path(file), ...args],
})

// The correct client plays every scenario in `.ci/run`.
describe.runIf(hasPython)('a program that reports only saved and view', () => {
  let world: World
  beforeAll(async () => {
    world = await openWire({ toxics, effects, toxiproxy: 'embedded', subjects: [] })
  })
  afterAll(() => world?.close())

  async function play(client: ClientDefinition, name: string) {
    const scenario = scenarios.find((each) => each.name === name)
    if (!scenario) throw new Error(`no scenario is called '${name}'`)
    return runScenario({ world, scenario, client, server, seed: 1, invariants, effects })
  }

  it.each(['first-message', 'tunnel-app-killed', 'rate-limited'])(
    'is decided by what the relays saw: %s',
    async (name) => {
      const { result, history } = await play(program('outbox_client.py'), name)
      expect(result).toMatchObject({ verdict: 'pass' })
      const sent = history.requests.filter(({ device }) => device === 'ana')
      expect(sent.length).toBeGreaterThan(0)
      expect(sent.every(({ requestId }) => /^ana-r\d+$/.test(requestId))).toBe(true)
      // Every request that the server had is one that the relay saw.
      const ids = new Set(history.requests.map(({ requestId }) => requestId))
      expect(history.of('serverReceived').filter((event) => !ids.has(event.requestId))).toEqual([])
    },
  )

  it.each(['first-message', 'lost-ack'])('talks by HTTPS if it asks for it: %s', async (name) => {
    const { result, history } = await play({ ...program('outbox_client.py'), tls: true }, name)
    expect(result).toMatchObject({ verdict: 'pass' })
    expect(history.of('request', 'ana').length).toBeGreaterThan(0)
  })

  it.each([
    ['any-status', 'overloaded', 'NO-LOSS'],
    ['ignores-retry-after', 'rate-limited', 'RETRY-AFTER'],
    ['new-id', 'lost-ack', 'KEY-STABLE'],
    ['forgets', 'tunnel-app-killed', 'NO-LOSS'],
    ['never-waits', 'tunnel', 'RETRY-BOUND'],
  ])('fails with the flaw %s: %s, %s', async (flaw, name, invariant) => {
    const { result } = await play(program('flawed_outbox.py', flaw), name)
    expect(result.verdict).toBe('fail')
    expect(breachedIds(result)).toContain(invariant)
  })

  it.each([
    ['floods', 'fail', ['RETRY-BOUND']],
    ['sends-garbage', 'pass', []],
  ])('survives a program that %s', async (rudeness, verdict, breached) => {
    const { result } = await play(program('rude_outbox.py', rudeness), 'first-message')
    expect(result.verdict).toBe(verdict)
    expect(breachedIds(result)).toEqual(breached)
  })
})
