import { requireFormatVersion } from './format-version.ts'
import { Problem } from './problem.ts'
import { type Scenario, scenarioSchema } from './scenario.ts'
import { scenarioFlaw } from './scenario-flaw.ts'

/**
 * Parses a scenario from data, for example from a JSON file. The parameters of effects and the
 * names of plug-ins are not checked here: see checkScenario.
 *
 * @param source the origin of the data, for the message: a file's path
 * @throws Problem that names the first wrong field
 */
export function parseScenario(data: unknown, source: string): Scenario {
  requireFormatVersion(data, 'a scenario', source)
  const parsed = scenarioSchema.safeParse(data)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
    throw new Problem(`${source} is not a scenario${where}: ${issue?.message ?? 'unreadable'}`)
  }
  requireSound(parsed.data, source)
  return parsed.data
}

/** Throws a Problem that names the first mistake which the types of the fields do not exclude. */
export function requireSound(scenario: Scenario, source: string): void {
  const flaw = scenarioFlaw(scenario)
  if (flaw) throw new Problem(`${source} is not a scenario at ${flaw.path}: ${flaw.message}`)
}
