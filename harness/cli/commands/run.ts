import { Problem } from '../../core/problem.ts'
import { pickClient } from '../catalog/pick-client.ts'
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
  readonly client: string
  readonly server: string
  readonly dump?: string
  readonly toxiproxy: string
  readonly seed?: number
  readonly seeds?: readonly number[]
  readonly timeScale?: number
  readonly reporter?: string
}

/**
 * `tunnelproof run`: plays the scenarios against one client and server, in one world or both.
 * Resolves to the exit code.
 */
export async function runCommand(args: RunArguments, io: Io): Promise<number> {
  const { timeScale, toxiproxy } = args
  const seeds = seedsOf(args)
  const scenarios = await pickScenarios(args.scenarios, io.cwd)
  const client = await pickClient(args.client, io.cwd)
  const server = await pickServer(args.server, io.cwd, args.dump)
  const formats = await pickFormats(args.reporter)
  const worlds = args.world === 'both' ? (['sim', 'wire'] as const) : [args.world]
  const requestedJobs = worlds.flatMap((world) =>
    scenarios.flatMap((scenario) =>
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
  )
  const invocation = {
    client: client.source,
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
