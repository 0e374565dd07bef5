import { checkScenario } from '../../core/check-scenario.ts'
import { Problem } from '../../core/problem.ts'
import type { ScenarioResult } from '../../core/result.ts'
import { catalog } from '../catalog/catalog.ts'
import { unknownName } from '../catalog/nearest.ts'
import { pickClient } from '../catalog/pick-client.ts'
import { pickFormats } from '../catalog/pick-formats.ts'
import { globMatches } from '../catalog/pick-scenarios.ts'
import { pickServer } from '../catalog/pick-server.ts'
import { conduct } from '../conduct.ts'
import { exitCode, exitCodeOf } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import type { WorldChoice } from '../options.ts'
import type { Job } from '../plan.ts'
import { readRun } from '../run-folder.ts'

export interface ReplayArguments {
  readonly folder: string
  readonly scenarios: readonly string[]
  readonly world: WorldChoice
  readonly toxiproxy?: string
  readonly reporter?: string
  readonly out?: string
}

/**
 * `tunnelproof replay`: plays again what did not pass, or what is named, with the recorded scenario, client, server, seed and time scale. In the sim it
 * says whether the same history came of it. Resolves to the exit code of what was played.
 */
export async function replayCommand(args: ReplayArguments, io: Io): Promise<number> {
  const { run, historyOf } = readRun(args.folder, io.cwd)
  const chosen = choose(run.results, args)
  const recorded = chosen[0]
  if (!recorded) {
    io.out(
      `nothing to replay: all of ${args.folder} passed; name a scenario to play it again all the same\n`,
    )
    return exitCode('held')
  }
  const given = run.given ?? { client: recorded.client, server: recorded.server, toxiproxy: 'auto' }
  const [client, server] = [
    await pickClient(given.client, io.cwd),
    await pickServer(given.server, io.cwd),
  ]
  const formats = await pickFormats(args.reporter)
  const registries = await catalog.registries()
  const wished = chosen.map(
    (result): Job => ({
      scenario: checkScenario(historyOf(result).head.scenario, registries, result.history),
      world: result.world === 'sim' ? 'sim' : 'wire',
      client: client.definition,
      server: server.definition,
      seed: result.seed,
      ...(result.world === 'wire' && { timeScale: result.timeScale }),
    }),
  )
  const toxiproxy = args.toxiproxy ?? given.toxiproxy
  const again = await conduct({
    io,
    wished,
    given: { ...given, toxiproxy },
    formats,
    out: args.out,
  })
  io.out('\n')
  for (const result of again.run.results) {
    const before = chosen.find(
      ({ scenario, world }) => scenario === result.scenario && world === result.world,
    )
    if (before) io.out(`${comparison(before, result)}\n`)
  }
  return again.interrupted ?? exitCodeOf(again.run.verdict)
}

function choose(
  results: readonly ScenarioResult[],
  { scenarios, world, folder }: ReplayArguments,
): ScenarioResult[] {
  const here = results.filter((result) => world === 'both' || result.world === world)
  if (here.length === 0 && results.length > 0)
    throw new Problem(`${folder} has nothing of the ${world}, only of: ${worldsOf(results)}`)
  if (scenarios.length === 0) return here.filter(({ verdict }) => verdict !== 'pass')
  const names = here.map(({ scenario }) => scenario)
  for (const pattern of scenarios) {
    if (!names.some((name) => globMatches(pattern, name)))
      throw new Problem(unknownName('scenario', pattern, [...new Set(names)]))
  }
  return here.filter(({ scenario }) => scenarios.some((pattern) => globMatches(pattern, scenario)))
}

const worldsOf = (results: readonly ScenarioResult[]) =>
  [...new Set(results.map((result) => result.world))].join(', ')

function comparison(before: ScenarioResult, after: ScenarioResult): string {
  const verdicts =
    before.verdict === after.verdict
      ? `${after.verdict}, as recorded`
      : `${after.verdict}, recorded was ${before.verdict}`
  const said = `replay of ${after.scenario} (${after.world}): ${verdicts}`
  if (after.world !== 'sim') return said
  if (before.hash === after.hash)
    return `${said}; the same history, byte for byte (${after.hash.slice(0, 12)})`
  return `${said}; another history (${after.hash.slice(0, 12)}, recorded ${before.hash.slice(0, 12)}): the code under test is not what it was, or not deterministic`
}
