import type { Effect } from './effect.ts'
import { isFault, type Scenario } from './scenario.ts'

/**
 * Returns how often a scenario kills each node, by the node's name. Nodes that are never killed are
 * left out. A world can prepare that many processes for the restarts.
 */
export function deathsOf(
  scenario: Scenario,
  effects: ReadonlyMap<string, Effect>,
): ReadonlyMap<string, number> {
  const deaths = new Map<string, number>()
  for (const spec of scenario.steps.filter(isFault).flatMap(({ fault }) => fault.effects)) {
    const node = effects.get(spec.effect)?.kills?.(spec)
    if (node !== undefined) deaths.set(node, (deaths.get(node) ?? 0) + 1)
  }
  return deaths
}
