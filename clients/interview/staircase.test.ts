import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { ClientDefinition } from '../../harness/core/client.ts'
import type { Scenario } from '../../harness/core/scenario.ts'
import { allEffects } from '../../harness/effects/testing/effects.ts'
import { allInvariants } from '../../harness/invariants/testing/all.ts'
import { allToxics } from '../../harness/link/testing/toxics.ts'
import { runScenario } from '../../harness/run/run.ts'
import { simWorld } from '../../harness/worlds/sim/index.ts'
import dedup from '../../server-stub/variants/dedup.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const steps = [...readme.matchAll(/^\| `(.+?)` \| .+? \| `(.+?)` \| ([A-Z-]+) \|$/gm)].map(
  ([, client = '', scenario = '', invariant = '']) => ({ client, scenario, invariant }),
)
const clients = [...new Set([...steps.map(({ client }) => client), 'reference'])]
const world = simWorld({ toxics: await allToxics() })
const invariants = await allInvariants()
const effects = await allEffects()

async function brokenBy(client: string, scenario: string): Promise<string[]> {
  const { result } = await runScenario({
    world,
    scenario: await defaultOf<Scenario>(`../../scenarios/${scenario}.ts`),
    client: await defaultOf<ClientDefinition>(`../${client}/index.ts`),
    server: dedup,
    seed: 1,
    invariants,
    effects,
  })
  return result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
}

async function defaultOf<Thing>(path: string): Promise<Thing> {
  return (await import(new URL(path, import.meta.url).href)).default
}

it('the README names a step for each interview client', () => {
  expect(clients).toEqual(['interview/naive', 'interview/worker', 'reference'])
})

it.each(steps)('$client breaks $invariant at $scenario', async (step) => {
  expect(await brokenBy(step.client, step.scenario)).toContain(step.invariant)
})

it.each(steps)('the next client survives what $client breaks at $scenario', async (step) => {
  const next = clients[clients.indexOf(step.client) + 1] as string
  expect(await brokenBy(next, step.scenario)).toEqual([])
})
