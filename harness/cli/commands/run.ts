import { Problem } from '../../core/problem.ts'
import { clientSources, pickClients } from '../catalog/pick-clients.ts'
import { pickFormats } from '../catalog/pick-formats.ts'
import { pickScenarios } from '../catalog/pick-scenarios.ts'
import { pickServer } from '../catalog/pick-server.ts'
import { dumpSource } from '../catalog/program-server.ts'
import { executeRun, type SharedOptions } from '../execute/execute-run.ts'
import type { Job } from '../execute/plan.ts'
import type { Io } from '../io.ts'
import type { WorldChoice } from '../options.ts'

export interface RunArguments extends SharedOptions {
  readonly scenarios: readonly string[]
  readonly world: WorldChoice
  /** Each `--client`. Default: the reference client. */
  readonly client?: readonly string[]
  readonly server: string
  readonly dump?: string
  readonly toxiproxy: string
  readonly seed?: number
  readonly seeds?: readonly number[]
  readonly timeScale?: number
  readonly reporter?: string
}

const DEFAULT_CLIENT = 'reference'

/**
 * `tunnelproof run`: plays the scenarios with each client and the server, in one world or both.
 * Resolves to the exit code.
 */
export async function runCommand(args: RunArguments, io: Io): Promise<number> {
  const { timeScale, toxiproxy } = args
  const seeds = seedsOf(args)
  const scenarios = await pickScenarios(args.scenarios, io.cwd)
  const clients = await pickClients(args.client ?? [DEFAULT_CLIENT], io.cwd)
  const server = await pickServer(args.server, io.cwd, args.dump)
  const formats = await pickFormats(args.reporter)
  const worlds = args.world === 'both' ? (['sim', 'wire'] as const) : [args.world]
  const requestedJobs = worlds.flatMap((world) =>
    scenarios.flatMap((scenario) =>
      clients.flatMap((client) =>
        seeds.map(
          (seed): Job => ({
            scenario,
            world,
            client: client.definition,
            server: server.definition,
            seed,
            ...(timeScale !== undefined && { timeScale }),
          }),
        ),
      ),
    ),
  )
  const invocation = {
    ...clientSources(clients.map(({ definition, source }) => ({ name: definition.name, source }))),
    server: server.source,
    ...(args.dump !== undefined && { dump: dumpSource(args.dump, io.cwd) }),
    toxiproxy,
  }
  const { exitCode } = await executeRun({ io, requestedJobs, invocation, formats, options: args })
  return exitCode
}

function seedsOf({ seed, seeds }: RunArguments): readonly number[] {
  if (seed !== undefined && seeds !== undefined)
    throw new Problem('--seed and --seeds were both given: give one of them')
  return seeds ?? [seed ?? 1]
}
