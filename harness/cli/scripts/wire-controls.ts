/**
 * Plays the control group on the wire: each flawed client or server must breach its invariant
 * there too, and the correct clients must pass every scenario.
 *
 *     npx tsx harness/cli/scripts/wire-controls.ts
 *     npx tsx harness/cli/scripts/wire-controls.ts --toxiproxy binary --sample 5
 *
 * Prints 'PASSED FAILED' on stdout, and what failed on stderr. With `--sample` it plays only so
 * many of the flawed ones, spread over the list.
 *
 * @module
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { ClientDefinition } from '../../core/client.ts'
import { breachedIds, type ScenarioResult } from '../../core/result.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { reasonNotPlayable } from '../../run/playable.ts'
import { runScenario } from '../../run/run.ts'
import { catalog } from '../catalog/catalog.ts'
import { HOME } from '../catalog/home.ts'
import { openWire } from '../execute/open-wire.ts'
import { longestFirst } from '../execute/play-jobs.ts'
import { wholeNumber } from '../options.ts'
import { pool } from '../progress/progress.ts'
import { CONTROLS, NOT_ON_THE_WIRE } from '../testing/controls.ts'

const { values } = parseArgs({
  options: {
    toxiproxy: { type: 'string', default: 'embedded' },
    sample: { type: 'string' },
  },
})
const sample =
  values.sample === undefined ? undefined : wholeNumber('--sample', 1, 100)(values.sample)

interface Check {
  readonly name: string
  readonly scenario: Scenario
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  /** Default: the scenario's own. */
  readonly timeScale?: number
  /** Returns what was expected instead, or undefined. */
  readonly problem: (result: ScenarioResult) => string | undefined
}

/** A run with a client that takes so long to recover mostly waits: it is played twice as fast. */
const LONG_RECOVERY_MS = 600_000

/** Imports a plug-in and names its module, which the processes load again. */
async function load<Definition extends object>(path: string): Promise<Definition> {
  const { href } = new URL(path, HOME)
  return { ...(await import(href)).default, module: href }
}

const scenarios = new Map((await catalog.scenarios()).map((scenario) => [scenario.name, scenario]))
const clientNamed = (name: string) => load<ClientDefinition>(`clients/${name}/index.ts`)
const serverAt = (path: string) => load<ServerDefinition>(`server-stub/${path}.ts`)

async function flawed([id, name, server, scenario]: (typeof CONTROLS)[number]): Promise<Check> {
  const story = scenarios.get(scenario)
  if (!story) throw new Error(`no scenario is called '${scenario}'`)
  const client = await clientNamed(name)
  const waitsLong = client.capabilities.recovery > LONG_RECOVERY_MS
  return {
    name: `${id} fails for ${name} with ${server} in ${scenario}`,
    scenario: story,
    client,
    server: await serverAt(server),
    ...(waitsLong && { timeScale: 2 * story.timeScale }),
    problem: (result) => (breachedIds(result).includes(id) ? undefined : `${id} did not fail`),
  }
}

async function correct(name: string): Promise<Check[]> {
  const client = await clientNamed(name)
  const server = await serverAt('variants/dedup')
  return [...scenarios.values()]
    .filter((scenario) => reasonNotPlayable(scenario, client) === undefined)
    .map((scenario) => ({
      name: `${name} passes ${scenario.name}`,
      scenario,
      client,
      server,
      problem: ({ verdict }) => (verdict === 'pass' ? undefined : 'it did not pass'),
    }))
}

const possible = CONTROLS.filter(([, client]) => NOT_ON_THE_WIRE[client] === undefined)
for (const [client, reason] of Object.entries(NOT_ON_THE_WIRE))
  console.error(`not on the wire: ${client}: ${reason}`)
const step = sample === undefined ? 1 : possible.length / sample
const chosen = possible.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
const checks = await Promise.all(chosen.map(flawed))
if (sample === undefined) {
  checks.push(...(await correct('reference')), ...(await correct('plain')))
}

const [toxics, effects] = [await catalog.toxics(), await catalog.effects()]
const invariants = await catalog.invariants()
const world = await openWire({ toxics, effects, toxiproxy: values.toxiproxy, subjects: [] })
let failed = 0
async function play({ name, problem, ...played }: Check): Promise<void> {
  const now = () => performance.now()
  const { result } = await runScenario({ ...played, world, seed: 1, invariants, effects, now })
  const found = problem(result)
  if (found === undefined) return
  failed++
  const breaches = breachedIds(result).join(' ')
  console.error(`FAILED: ${name}: ${found}; ${result.verdict} ${breaches || (result.why ?? '')}`)
}
try {
  const tasks = longestFirst(checks).map((check) => () => play(check))
  await pool(tasks, world.concurrency)
} finally {
  await world.close()
}
console.log(checks.length - failed, failed)
process.exitCode = failed > 0 ? 1 : 0
