import type { ClientDefinition } from '../../core/client.ts'
import type { RunResult } from '../../core/result.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { reasonNotPlayable } from '../../run/playable.ts'

/** A scenario to be played in a world. */
export interface Job {
  readonly scenario: Scenario
  readonly world: 'sim' | 'wire'
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  /** Default: the scenario's own. */
  readonly timeScale?: number
}

export type SkippedJob = RunResult['skipped'][number]

export interface Plan {
  readonly jobs: readonly Job[]
  readonly skipped: readonly SkippedJob[]
}

/** Separates the jobs that can be played from those that cannot, each of these with the reason. */
export function plan(requestedJobs: readonly Job[]): Plan {
  const jobs: Job[] = []
  const skipped: SkippedJob[] = []
  for (const job of requestedJobs) {
    const reason = reasonToSkip(job)
    if (reason === undefined) jobs.push(job)
    else skipped.push(skip(job, reason))
  }
  return { jobs, skipped }
}

export function skip({ scenario: { name, title }, world, client }: Job, why: string): SkippedJob {
  return { scenario: name, title, world, client: client.name, why }
}

function reasonToSkip({ scenario, client, server, world }: Job): string | undefined {
  const program = client.command ? client : server.program ? server : undefined
  if (program && world === 'sim')
    return `${program.name} is a program: it is played on the wire only`
  return reasonNotPlayable(scenario, client)
}

/** Returns true if runs differ in their seed: then a name, a path or a command must give it. */
export function haveSeveralSeeds(runs: readonly { readonly seed: number }[]): boolean {
  return new Set(runs.map(({ seed }) => seed)).size > 1
}

/** Returns true if runs differ in their client, given its name in each: then it must be named. */
export const haveSeveralClients = (names: readonly string[]): boolean => new Set(names).size > 1

/** Returns the function that names a job: by scenario, and by client and seed if they differ. */
export function titlesOf(jobs: readonly Job[]): (job: Job) => string {
  const severalSeeds = haveSeveralSeeds(jobs)
  const severalClients = haveSeveralClients(jobs.map(({ client }) => client.name))
  return ({ scenario: { name }, client, seed }) => {
    const parts = [
      ...(severalClients ? [client.name] : []),
      ...(severalSeeds ? [`seed ${seed}`] : []),
    ]
    return parts.length > 0 ? `${name} (${parts.join(', ')})` : name
  }
}
