import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import reference from '../../../clients/reference/index.ts'
import editVersusDelete from '../../../scenarios/edit-versus-delete.ts'
import flaky from '../../../scenarios/flaky.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import type { ClientDefinition } from '../../core/client.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { allInvariants } from '../../invariants/testing/all.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { runScenario } from '../../run/run.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { simWorld } from './index.ts'
import bypassingClient from './testing/bypassing-client.ts'

const toxics = await allToxics()
const effects = await allEffects()
const invariants = await allInvariants()
const run = (client: ClientDefinition, server: ServerDefinition, scenario: Scenario) =>
  runScenario({
    world: simWorld({ toxics, watchGlobals: true }),
    scenario,
    client,
    server,
    seed: 1,
    invariants,
    effects,
  })

describe('the watched globals of the sim', () => {
  it('record each place that uses one, in a library too, once, with the port to use', async () => {
    const { history, result } = await run(bypassingClient, tinyServer, flaky)
    const here = 'bypassing-client.ts'
    expect(history.of('bypass')).toMatchObject(
      [
        ['setTimeout', here, 'clock.after'],
        ['Date', here, 'clock.wall or clock.now'],
        ['Date.now', here, 'clock.wall or clock.now'],
        ['Math.random', here, 'random'],
        ['crypto.randomUUID', 'node_modules/uuid/', 'random'],
        ['fetch', here, 'http'],
      ].map(([global, file, port]) => ({
        node: 'ben',
        global,
        port,
        frame: expect.stringMatching(new RegExp(`^${file}.*:\\d+:\\d+$`)),
      })),
    )
    expect(result.verdict).toBe('unknown')
    expect(result.invariants.map(({ verdict }) => verdict)).not.toContain('fail')
    expect(result.why).toMatch(
      /ben's app uses setTimeout at bypassing-client[.]ts:\d+:\d+, where .+ use clock[.]after/,
    )
  })

  it.each([flaky, editVersusDelete])(
    'find nothing in the reference client: $title',
    async (scenario) => {
      const { history, result } = await run(reference, dedup, scenario)
      expect(history.of('bypass')).toEqual([])
      expect(result.verdict).toBe('pass')
    },
  )

  it('are the real ones again when the stage is closed', async () => {
    const before = [setTimeout, Date, Date.now, Math.random, fetch, crypto.randomUUID]
    await run(bypassingClient, tinyServer, flaky)
    expect([setTimeout, Date, Date.now, Math.random, fetch, crypto.randomUUID]).toEqual(before)
    expect(new Date().constructor).toBe(Date)
    expect(randomUUID()).toMatch(/^[0-9a-f-]{36}$/)
  })
})
