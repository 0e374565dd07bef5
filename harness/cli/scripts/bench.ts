/**
 * `npm run bench`: plays every scenario with many seeds in the sim, each seed twice, and judges all
 * invariants. Prints the speed per second of CPU time, independent of the machine's load, and a
 * digest of all histories: it must be equal on any machine and any supported Node. Exits with 1 if
 * the two histories of a seed differ.
 *
 * @module
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { sha256Hex } from '../../core/hash.ts'
import { runScenario } from '../../run/run.ts'
import { simWorld } from '../../worlds/sim/index.ts'
import { catalog } from '../catalog/catalog.ts'
import { pickClient } from '../catalog/pick-client.ts'
import { pickScenarios } from '../catalog/pick-scenarios.ts'
import { pickServer } from '../catalog/pick-server.ts'
import { wholeNumber } from '../options.ts'
import { processorMs } from '../processor-time.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '200' },
    client: { type: 'string', default: 'reference' },
  },
})
const seeds = wholeNumber('--seeds', 1, 1_000_000)(values.seeds)
const scenarios = await pickScenarios(positionals, process.cwd())
const [{ definition: client }, { definition: server }] = [
  await pickClient(values.client, '.'),
  await pickServer('dedup', '.'),
]
const invariants = await catalog.invariants()
const effects = await catalog.effects()
const world = simWorld({ toxics: await catalog.toxics() })

const totals = { runs: 0, coreMs: 0, scenarioMs: 0, differing: 0 }
let digest = ''
for (const scenario of scenarios) {
  const began = processorMs()
  let scenarioMs = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const hashes: string[] = []
    for (const _ of [1, 2]) {
      const { result } = await runScenario({
        world,
        scenario,
        client,
        server,
        seed,
        invariants,
        effects,
      })
      hashes.push(result.hash)
      scenarioMs += result.scenarioMs
    }
    if (hashes[0] !== hashes[1]) totals.differing++
    digest = sha256Hex(`${digest} ${hashes.join(' ')}`)
  }
  const spent = processorMs() - began
  totals.runs += 2 * seeds
  totals.coreMs += spent
  totals.scenarioMs += scenarioMs
  print(scenario.name, 2 * seeds, spent, scenarioMs)
}
print('all', totals.runs, totals.coreMs, totals.scenarioMs)
const pairs = totals.runs / 2
console.log(
  `\n${pairs - totals.differing} of ${pairs} seeds gave the same history twice ` +
    `(${seeds} seeds × ${scenarios.length} scenarios)`,
)
console.log(`digest ${digest}`)
process.exitCode = totals.differing === 0 ? 0 : 1

function print(name: string, runs: number, spentMs: number, scenarioMs: number): void {
  const scenarios = ((runs / spentMs) * 1000).toFixed(0).padStart(6)
  const simulated = (scenarioMs / spentMs).toFixed(0).padStart(8)
  console.log(`${name.padEnd(32)} ${scenarios} scenarios/s ${simulated} simulated s/s`)
}
