import type { ClientDefinition } from '../core/client.ts'
import { isWrite } from '../core/operation.ts'
import { isAction, type Scenario } from '../core/scenario.ts'

/**
 * Returns the reason why a client cannot play a scenario, or undefined if it can. The reason names
 * a capability that an action of the scenario needs and the client lacks.
 */
export function reasonNotPlayable(
  scenario: Scenario,
  { name, capabilities }: ClientDefinition,
): string | undefined {
  for (const step of scenario.steps) {
    if (!isAction(step)) continue
    const { action } = step
    if (isWrite(action) && !capabilities.collections.includes(action.collection))
      return `${name} keeps no ${action.collection}`
    if (action.type === 'update' && !capabilities.update) return `${name} cannot edit`
    if (action.type === 'delete' && !capabilities.delete) return `${name} cannot delete`
    if (action.type === 'cancel' && !capabilities.cancel)
      return `${name} cannot take back what is pending`
  }
  return undefined
}
