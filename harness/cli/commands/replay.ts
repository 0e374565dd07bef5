import { checkScenario } from '../../core/check-scenario.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { RunResult, ScenarioResult } from '../../core/result.ts'
import { catalog } from '../catalog/catalog.ts'
import { unknownName } from '../catalog/nearest.ts'
import { type Choice, pickClient } from '../catalog/pick-client.ts'
import { clientSources } from '../catalog/pick-clients.ts'
import { pickFormats } from '../catalog/pick-formats.ts'
import { globMatches } from '../catalog/pick-scenarios.ts'
import { pickServer } from '../catalog/pick-server.ts'
import { executeRun, type SharedOptions } from '../execute/execute-run.ts'
import { haveSeveralClients, haveSeveralSeeds, type Job } from '../execute/plan.ts'
import { readRun } from '../execute/run-folder.ts'
import { exitCode } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import type { WorldChoice } from '../options.ts'

export interface ReplayArguments extends SharedOptions {
  readonly folder: string
  readonly scenarios: readonly string[]
  readonly world: WorldChoice
  readonly client?: string
  readonly seed?: number
  readonly toxiproxy?: string
  readonly reporter?: string
}

/**
 * `tunnelproof replay`: plays the scenarios that did not pass, or the named ones, again, with the
 * recorded scenario, client, server, seed and time scale. In the sim it compares the histories.
 * Resolves to the exit code of the new run.
 */
export async function replayCommand(args: ReplayArguments, io: Io): Promise<number> {
  const { run, historyOf } = readRun(args.folder, io.cwd)
  const chosen = choose(run.results, args)
  const [first] = chosen
  if (!first) {
    io.out(`nothing to replay: all of ${args.folder} passed; to replay a scenario, name it\n`)
    return exitCode('held')
  }
  const recorded: Invocation = run.invocation ?? {
    client: first.client,
    server: first.server,
    toxiproxy: 'auto',
  }
  const clients = await pickClients(chosen, recorded, io.cwd)
  const invocation = {
    ...withoutClients(recorded),
    ...clientSources([...clients].map(([name, { source }]) => ({ name, source }))),
    toxiproxy: args.toxiproxy ?? recorded.toxiproxy,
  }
  const { definition: server } = await pickServer(invocation.server, io.cwd, invocation.dump)
  const formats = await pickFormats(args.reporter)
  const registries = await catalog.registries()
  const requestedJobs = chosen.map(
    (result): Job => ({
      scenario: checkScenario(historyOf(result).head.scenario, registries, result.history),
      world: result.world === 'sim' ? 'sim' : 'wire',
      client: (clients.get(result.client) as Choice<ClientDefinition>).definition,
      server,
      seed: result.seed,
      ...(result.world === 'wire' && { timeScale: result.timeScale }),
    }),
  )
  const again = await executeRun({ io, requestedJobs, invocation, formats, options: args })
  io.out('\n')
  for (const line of comparisons(chosen, again.run)) io.out(`${line}\n`)
  return again.exitCode
}

type Invocation = NonNullable<RunResult['invocation']>

/** Loads the client of each result, by its name there. */
async function pickClients(
  results: readonly ScenarioResult[],
  { client, clients = [] }: Invocation,
  cwd: string,
): Promise<ReadonlyMap<string, Choice<ClientDefinition>>> {
  const picked = new Map<string, Choice<ClientDefinition>>()
  for (const name of new Set(results.map((result) => result.client))) {
    const source = clients.find((known) => known.name === name)?.source ?? client
    picked.set(name, await pickClient(source, cwd))
  }
  return picked
}

function withoutClients({ clients: _, ...invocation }: Invocation): Invocation {
  return invocation
}

function choose(
  results: readonly ScenarioResult[],
  { scenarios, world, folder, client, seed }: ReplayArguments,
): ScenarioResult[] {
  const inWorld = results.filter((result) => world === 'both' || result.world === world)
  if (inWorld.length === 0 && results.length > 0)
    throw new Problem(`${folder} has no results of the ${world}, only of: ${worldsOf(results)}`)
  const withClient = inWorld.filter((result) => client === undefined || result.client === client)
  if (withClient.length === 0 && inWorld.length > 0)
    throw new Problem(
      `${folder} has no results of the client '${client}', only of: ${clientsOf(inWorld)}`,
    )
  const here = withClient.filter((result) => seed === undefined || result.seed === seed)
  if (here.length === 0 && withClient.length > 0)
    throw new Problem(`${folder} has no results with seed ${seed}, only with: ${seedsOf(inWorld)}`)
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

const clientsOf = (results: readonly ScenarioResult[]) =>
  [...new Set(results.map((result) => result.client))].join(', ')

const seedsOf = (results: readonly ScenarioResult[]) =>
  [...new Set(results.map((result) => result.seed))].join(', ')

function comparisons(recorded: readonly ScenarioResult[], { results }: RunResult): string[] {
  const severalSeeds = haveSeveralSeeds(results)
  const severalClients = haveSeveralClients(results.map(({ client }) => client))
  return results.flatMap((after) => {
    const before = recorded.find(
      ({ scenario, world, client, seed }) =>
        scenario === after.scenario &&
        world === after.world &&
        client === after.client &&
        seed === after.seed,
    )
    const client = severalClients ? `, ${after.client}` : ''
    const seed = severalSeeds ? `, seed ${after.seed}` : ''
    return before ? [comparison(before, after, client + seed)] : []
  })
}

function comparison(before: ScenarioResult, after: ScenarioResult, which: string): string {
  const verdicts =
    before.verdict === after.verdict
      ? `${after.verdict}, as recorded`
      : `${after.verdict}, recorded was ${before.verdict}`
  const line = `replay of ${after.scenario} (${after.world}${which}): ${verdicts}`
  return after.world === 'sim' ? `${line}; ${historyComparison(before.hash, after.hash)}` : line
}

function historyComparison(before: string, after: string): string {
  const [recorded, replayed] = [before.slice(0, 12), after.slice(0, 12)]
  if (before === after) return `the same history, byte for byte (${replayed})`
  const reason = 'the code under test has changed, or is not deterministic'
  return `a different history (${replayed}, recorded ${recorded}): ${reason}`
}
