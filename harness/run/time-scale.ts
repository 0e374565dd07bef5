import type { ClientDefinition } from '../core/client.ts'
import type { Scenario } from '../core/scenario.ts'

/**
 * Returns the time scale of a run on the wire: the one asked for, or else the scenario's own, and
 * at most the one that the client can follow.
 */
export function timeScaleOf(run: {
  readonly timeScale?: number
  readonly scenario: Pick<Scenario, 'timeScale'>
  readonly client: Pick<ClientDefinition, 'timeScaleMax'>
}): number {
  const { timeScale, scenario, client } = run
  return Math.min(timeScale ?? scenario.timeScale, client.timeScaleMax ?? Number.POSITIVE_INFINITY)
}
