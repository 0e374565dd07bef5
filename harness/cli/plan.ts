import type { ClientDefinition } from '../core/client.ts'
import type { RunResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import type { ServerDefinition } from '../core/server.ts'
import { reasonNotPlayable } from '../run/playable.ts'

/** One scenario to be played in one world. */
export interface Job {
  readonly scenario: Scenario
  readonly world: 'sim' | 'wire'
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  /** The scenario's own unless given. */
  readonly timeScale?: number
}

export type Skipped = RunResult['skipped'][number]

export interface Plan {
  readonly jobs: readonly Job[]
  readonly skipped: readonly Skipped[]
}

/** Parts what can be played from what cannot, and says why not. */
export function plan(wished: readonly Job[]): Plan {
  const jobs: Job[] = []
  const skipped: Skipped[] = []
  for (const job of wished) {
    const why = hindrance(job)
    if (why === undefined) jobs.push(job)
    else skipped.push(skip(job, why))
  }
  return { jobs, skipped }
}

export function skip({ scenario: { name, title }, world }: Job, why: string): Skipped {
  return { scenario: name, title, world, why }
}

function hindrance({ scenario, client, world }: Job): string | undefined {
  if (client.command && world === 'sim')
    return `${client.name} is a program: it is played on the wire only`
  return reasonNotPlayable(scenario, client)
}
