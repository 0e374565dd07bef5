import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ClientDefinition } from '../harness/core/client.ts'
import type { ScenarioResult } from '../harness/core/result.ts'
import type { Scenario } from '../harness/core/scenario.ts'
import type { ServerDefinition } from '../harness/core/server.ts'
import { allEffects } from '../harness/effects/testing/effects.ts'
import { allInvariants } from '../harness/invariants/testing/all.ts'
import { allToxics } from '../harness/link/testing/toxics.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'
import silent from '../server-stub/testing/silent.ts'
import dedup from '../server-stub/variants/dedup.ts'

const world = simWorld({ toxics: await allToxics() })
const invariants = await allInvariants()
const effects = await allEffects()
const names = readdirSync(new URL('.', import.meta.url))
  .filter((name) => /^[a-z-]+\.ts$/.test(name))
  .map((name) => name.replace(/\.ts$/, ''))

const defaultOf = async <Thing>(path: string): Promise<Thing> =>
  (await import(new URL(path, import.meta.url).href)).default

type Play = (server: ServerDefinition, seed: number) => Promise<ScenarioResult>

async function player(client: string, scenario: string): Promise<Play> {
  const subjects = {
    scenario: await defaultOf<Scenario>(`${scenario}.ts`),
    client: await defaultOf<ClientDefinition>(`../clients/${client}/index.ts`),
  }
  return async (server, seed) =>
    (await runScenario({ world, ...subjects, server, seed, invariants, effects })).result
}

/** The invariants that a dump alone does not decide: they may be idle or unknown. */
const NEED_REPORTS = new Set([
  'CONFLICT-BASE',
  'CONFLICT-CLOCK',
  'CONFLICT-POLICY',
  'CONFLICT-VISIBLE',
  'CURSOR',
])

/** Returns the verdicts that differ, as 'INVARIANT before -> after'. */
async function differences(client: string, seeds: number): Promise<Set<string>> {
  const found = new Set<string>()
  for (const name of names) {
    const play = await player(client, name)
    for (let seed = 1; seed <= seeds; seed++) {
      const [reported, held] = [await play(dedup, seed), await play(silent, seed)]
      const after = new Map(held.invariants.map(({ id, verdict }) => [id, verdict]))
      for (const { id, verdict } of reported.invariants)
        if (after.get(id) !== verdict) found.add(`${id} ${verdict} -> ${after.get(id)}`)
      if (held.verdict !== reported.verdict) found.add(`RUN ${reported.verdict} -> ${held.verdict}`)
    }
  }
  return found
}

const idOf = (difference: string) => difference.slice(0, difference.indexOf(' '))

describe('a server that reports nothing gets the verdicts of the same server that does', () => {
  it.each(['reference', 'plain', 'interview/worker', 'interview/naive'])(
    'with the client %s, in each scenario',
    async (client) => {
      const others = [...(await differences(client, 5))].filter(
        (one) => !(NEED_REPORTS.has(idOf(one)) && one.endsWith('-> idle')),
      )
      expect(others).toEqual([])
    },
  )

  it.each([
    ['any-answer'],
    ['brittle'],
    ['defeatist'],
    ['denier'],
    ['double-drain'],
    ['eager'],
    ['error-as-absence'],
    ['ghost-writer'],
    ['gives-up'],
    ['local-order'],
    ['optimist'],
    ['quiet-loser'],
    ['reversed'],
    ['stale-cache'],
    ['untriggered'],
  ])(
    'with the flawed client %s: no new finding, and no finding turns into a pass',
    async (name) => {
      const found = [...(await differences(`flawed/${name}`, 1))]
      const worse = found.filter((one) => /-> fail|fail -> pass/.test(one))
      expect(worse).toEqual([])
    },
  )
})
