import { z } from 'zod'
import { type Capabilities, capabilitiesSchema } from './capabilities.ts'
import { FORMAT_VERSION } from './format-version.ts'
import { type Scenario, scenarioSchema } from './scenario.ts'

export const historyHeadSchema = z.object({
  format: z.literal('tunnelproof-history'),
  version: z.literal(FORMAT_VERSION),
  scenario: scenarioSchema,
  client: z.object({ name: z.string(), capabilities: capabilitiesSchema }),
  server: z.object({
    name: z.string(),
    /** See ServerDefinition.tells. Absent: writes. */
    tells: z.enum(['writes', 'holdings']).optional(),
  }),
  seed: z.number().int(),
  world: z.string(),
  /** Scenario milliseconds per real millisecond; 1 in the sim, where the ratio has no meaning. */
  timeScale: z.number(),
})

/** The first line of a history: the scenario, the client, the server and the world of the run. */
export interface HistoryHead
  extends Omit<z.infer<typeof historyHeadSchema>, 'scenario' | 'client'> {
  readonly scenario: Scenario
  readonly client: { readonly name: string; readonly capabilities: Capabilities }
}

/** The part of a world's Setting that a head keeps. */
export interface HeadSetting {
  readonly scenario: Scenario
  readonly client: HistoryHead['client']
  readonly server: HistoryHead['server']
  readonly seed: number
  readonly timeScale: number
}

/** Returns the head of a run with this setting in the world of this name. */
export function historyHead(setting: HeadSetting, world: string): HistoryHead {
  const { scenario, client, server, seed, timeScale } = setting
  return {
    format: 'tunnelproof-history',
    version: FORMAT_VERSION,
    scenario,
    client: { name: client.name, capabilities: client.capabilities },
    server: { name: server.name, ...(server.tells && { tells: server.tells }) },
    seed,
    world,
    timeScale,
  }
}
