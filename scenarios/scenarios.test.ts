import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkScenario } from '../harness/core/check-scenario.ts'
import type { ClientDefinition } from '../harness/core/client.ts'
import { parseScenario } from '../harness/core/parse-scenario.ts'
import { findingsOf, type ScenarioResult } from '../harness/core/result.ts'
import { isAction, type Scenario } from '../harness/core/scenario.ts'
import type { ServerDefinition } from '../harness/core/server.ts'
import { allEffects } from '../harness/effects/testing/effects.ts'
import { allInvariants } from '../harness/invariants/testing/all.ts'
import { allToxics } from '../harness/link/testing/toxics.ts'
import { reasonNotPlayable } from '../harness/run/playable.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'

async function defaultOf<Thing>(path: string): Promise<Thing> {
  return (await import(new URL(path, import.meta.url).href)).default
}

const files = readdirSync(import.meta.dirname).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
)
const scenarios = new Map<string, Scenario>()
for (const file of files) scenarios.set(file.replace('.ts', ''), await defaultOf<Scenario>(file))
const client = (name: string) => defaultOf<ClientDefinition>(`../clients/${name}/index.ts`)
const server = (name: string) => defaultOf<ServerDefinition>(`../server-stub/variants/${name}.ts`)

const toxics = await allToxics()
const world = simWorld({ toxics })
const invariants = await allInvariants()
const effects = await allEffects()

async function play(...args: Parameters<typeof run>): Promise<ScenarioResult> {
  return (await run(...args)).result
}

async function run(
  scenario: string,
  clientName: string,
  { serverName = 'dedup', seed = 1 } = {},
): ReturnType<typeof runScenario> {
  return runScenario({
    world,
    scenario: scenarios.get(scenario) as Scenario,
    client: await client(clientName),
    server: await server(serverName),
    seed,
    invariants,
    effects,
  })
}

const failed = (result: ScenarioResult) =>
  result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
const summary = (result: ScenarioResult) => ({
  verdict: result.verdict,
  why: result.why,
  findings: findingsOf(result).map(({ id, message }) => `${id}: ${message}`),
})

it("shows a scenario of this folder, word for word, as the README's example", () => {
  const shown = /```ts\n(.*?)```/s.exec(
    readFileSync(new URL('README.md', import.meta.url), 'utf8'),
  )?.[1]
  expect(files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))).toContain(shown)
})

describe.each([...scenarios])('%s', (name, scenario) => {
  it('has the name of its file, and is the same after saving and loading', () => {
    expect(scenario.name).toBe(name)
    expect(parseScenario(JSON.parse(JSON.stringify(scenario)), name)).toEqual(scenario)
  })

  it('names only effects and toxics that exist, with all their parameters', async () => {
    expect(checkScenario(scenario, { effects, toxics }, name)).toEqual(scenario)
  })

  it('states what a run must have exercised', () => {
    expect(Object.keys(scenario.exercised).length).toBeGreaterThan(0)
  })

  it.each([1, 2, 3, 4, 5])('passes with the reference client, seed %i', async (seed) => {
    expect(summary(await play(name, 'reference', { seed }))).toEqual({
      verdict: 'pass',
      why: undefined,
      findings: [],
    })
  })
})

describe.each([
  'edit-versus-delete',
  'partition-note-last-write-wins',
  'partition-note-server-wins',
])('%s', (name) => {
  /** Ana's operations that lost, and those whose texts she can still read at the end. */
  async function lost(clientName: string) {
    const { history } = await run(name, clientName)
    const lost = history
      .of('serverOutcome')
      .flatMap(({ outcome, author, opId }) =>
        outcome === 'conflict' && author === 'ana' && opId !== undefined ? [opId] : [],
      )
    const conflicts = history.of('view', 'ana').at(-1)?.view.conflicts ?? []
    return { lost, readable: conflicts.map(({ opId }) => opId) }
  }

  it('lets Ana read after a restart what she wrote and lost', async () => {
    const { lost: ops, readable } = await lost('reference')
    expect(ops).not.toEqual([])
    expect(readable).toEqual(ops)
  })

  it('recognises a client that forgets it', async () => {
    expect((await lost('flawed/forgets-conflicts')).readable).toEqual([])
  })
})

describe('controls: flawed clients', () => {
  it('interview/naive fails NO-LOSS: it loses what was written in the tunnel', async () => {
    expect(failed(await play('tunnel', 'interview/naive'))).toContain('NO-LOSS')
  })

  it('interview/naive passes on a good network, as far as it can play', async () => {
    const passed = { verdict: 'pass', why: undefined, findings: [] }
    expect(summary(await play('first-message', 'interview/naive'))).toEqual(passed)
    const clean = scenarios.get('clean') as Scenario
    const steps = clean.steps.filter((step) => isAction(step) && step.action.type === 'create')
    scenarios.set('clean-sends', { ...clean, steps, exercised: { serverCommits: steps.length } })
    expect(summary(await play('clean-sends', 'interview/naive'))).toEqual(passed)
  })

  it.each(['first-message', 'tunnel'])('interview/worker passes %s', async (name) => {
    expect(summary(await play(name, 'interview/worker'))).toEqual({
      verdict: 'pass',
      why: undefined,
      findings: [],
    })
  })

  it('interview/worker fails only LIVENESS in the KEEP race: one message is stuck', async () => {
    const result = await play('keep-race', 'interview/worker')
    expect(failed(result)).toEqual(['LIVENESS'])
    expect(summary(result).findings[0]).toContain('another write unsticks it')
  })

  it('interview/worker fails EXACTLY-ONCE after a lost ack only without dedup', async () => {
    expect(failed(await play('lost-ack', 'interview/worker', { serverName: 'naive' }))).toContain(
      'EXACTLY-ONCE',
    )
    expect(
      failed(await play('lost-ack', 'interview/worker', { serverName: 'dedup' })),
    ).not.toContain('EXACTLY-ONCE')
  })

  it.each(['interview/naive', 'interview/worker'])(
    '%s cannot play scenarios with notes, which it does not keep',
    async (name) => {
      const why = reasonNotPlayable(
        scenarios.get('partition-note-server-wins') as Scenario,
        await client(name),
      )
      expect(why).toContain('keeps no notes')
    },
  )
})
