import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import reference from '../../clients/reference/index.ts'
import { checkScenario } from '../../harness/core/check-scenario.ts'
import { parseScenario } from '../../harness/core/parse-scenario.ts'
import { findingsOf } from '../../harness/core/result.ts'
import type { Scenario } from '../../harness/core/scenario.ts'
import { allEffects } from '../../harness/effects/testing/effects.ts'
import { allInvariants } from '../../harness/invariants/testing/all.ts'
import { allToxics } from '../../harness/link/testing/toxics.ts'
import { runScenario } from '../../harness/run/run.ts'
import { simWorld } from '../../harness/worlds/sim/index.ts'
import dedup from '../../server-stub/variants/dedup.ts'

const toxics = await allToxics()
const world = simWorld({ toxics })
const invariants = await allInvariants()
const effects = await allEffects()

/** Each story and the bug that it pins. */
const PINS: Readonly<Record<string, string>> = {
  'purge-then-late-ack-of-a-deletion':
    'a forgotten deletion, acknowledged without the record, let the record show again',
  'purge-then-late-ack-without-pulls': 'the same for as long as pulls failed',
  'purge-then-written-again-by-its-deleter':
    'the server rejected the creation: it no longer knew the version that it was made on',
  'purge-then-written-again':
    'a second life of the record repeated versions, and a phone that knew the first ignored it',
}

const stories = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file): [string, Scenario] => {
    const data = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
    return [
      file.replace('.json', ''),
      checkScenario(parseScenario(data, file), { effects, toxics }, file),
    ]
  })

it('states for each story which bug it pins', () => {
  expect(stories.map(([name]) => name)).toEqual(Object.keys(PINS))
  expect(stories.map(([, { name }]) => name)).toEqual(Object.keys(PINS))
})

describe.each(stories)('%s', (name, scenario) => {
  it.each([1, 2, 3, 4, 5])(`passes, seed %i (${PINS[name]})`, async (seed) => {
    const { result, history } = await runScenario({
      world,
      scenario,
      client: reference,
      server: dedup,
      seed,
      invariants,
      effects,
    })
    const findings = findingsOf(result).map(({ id, message }) => `${id}: ${message}`)
    expect({ findings, why: result.why }).toEqual({ findings: [], why: undefined })
    const rejected = history.of('serverOutcome').filter(({ outcome }) => outcome === 'rejected')
    expect(rejected).toEqual([])
  })
})
