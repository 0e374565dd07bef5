import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import plain from '../clients/plain/index.ts'
import reference from '../clients/reference/index.ts'
import { catalog } from '../harness/cli/catalog/catalog.ts'
import { pickClient } from '../harness/cli/catalog/pick-client.ts'
import type { ClientDefinition } from '../harness/core/client.ts'
import { findingsOf } from '../harness/core/result.ts'
import { reasonNotPlayable } from '../harness/run/playable.ts'
import { runScenario } from '../harness/run/run.ts'
import { pullFirst } from '../harness/testing/pull-first.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'
import dedup from '../server-stub/variants/dedup.ts'

const world = simWorld({ toxics: await catalog.toxics() })
const invariants = await catalog.invariants()
const effects = await catalog.effects()
const scenarios = await catalog.scenarios()

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-decided-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The client that clients/README.md shows in full. It passes no `about`. */
async function readmeClient(): Promise<ClientDefinition> {
  const readme = readFileSync(new URL('../clients/README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n(\/\/ my-client[\s\S]*?)```/.exec(readme) ?? []
  writeFileSync(join(folder, 'my-client.ts'), code)
  return (await pickClient('./my-client.ts', folder)).definition
}

const mine = await readmeClient()
/** Correct clients that differ in what they send, and in what order. */
const CLIENTS: readonly ClientDefinition[] = [
  mine,
  plain,
  pullFirst(mine, '/messages?since=0'),
  pullFirst(plain, '/messages'),
  pullFirst(reference, '/changes?after=0&limit=200'),
]

describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (_, client) => {
  const playable = scenarios.filter((scenario) => !reasonNotPlayable(scenario, client))
  it.each(playable.map((scenario) => [scenario.name, scenario] as const))(
    'is decided, and passes, in %s',
    async (__, scenario) => {
      for (const seed of [1, 2, 3]) {
        const { result } = await runScenario({
          world,
          scenario,
          client,
          server: dedup,
          seed,
          invariants,
          effects,
        })
        const { verdict, why } = result
        const findings = findingsOf(result).map(({ id, message }) => `${id}: ${message}`)
        expect({ seed, verdict, why, findings }).toEqual({
          seed,
          verdict: 'pass',
          why: undefined,
          findings: [],
        })
      }
    },
  )
})
