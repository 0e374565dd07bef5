import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONTROLS } from '../harness/cli/testing/controls.ts'
import type { ClientDefinition } from '../harness/core/client.ts'
import type { Scenario } from '../harness/core/scenario.ts'
import type { ServerDefinition } from '../harness/core/server.ts'
import { allEffects } from '../harness/effects/testing/effects.ts'
import { allInvariants } from '../harness/invariants/testing/all.ts'
import { allToxics } from '../harness/link/testing/toxics.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'

const world = simWorld({ toxics: await allToxics() })
const invariants = await allInvariants()
const effects = await allEffects()
const defaultOf = async <Thing>(path: string): Promise<Thing> =>
  (await import(new URL(path, import.meta.url).href)).default

async function breached(client: string, server: string, scenario: string): Promise<string[]> {
  const { result } = await runScenario({
    world,
    scenario: await defaultOf<Scenario>(`${scenario}.ts`),
    client: await defaultOf<ClientDefinition>(`../clients/${client}/index.ts`),
    server: await defaultOf<ServerDefinition>(`../server-stub/${server}.ts`),
    seed: 1,
    invariants,
    effects,
  })
  return result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
}

describe('the control group', () => {
  it.each(CONTROLS)('%s fails for %s with %s in %s', async (id, client, server, scenario) => {
    expect(await breached(client, server, scenario)).toContain(id)
  })

  it('has a case for every invariant and every flawed client', () => {
    const ids = new Set(CONTROLS.map(([id]) => id))
    expect([...ids]).toEqual(invariants.map(({ id }) => id).sort())
    const flawed = readdirSync(new URL('../clients/flawed/', import.meta.url), {
      withFileTypes: true,
    }).flatMap((entry) => (entry.isDirectory() ? [`flawed/${entry.name}`] : []))
    expect(flawed.filter((name) => !CONTROLS.some(([, client]) => client === name))).toEqual([])
  })
})
