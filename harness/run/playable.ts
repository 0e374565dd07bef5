import type { ClientDefinition } from '../core/client.ts'
import { isWrite } from '../core/operation.ts'
import { isAction, type Scenario } from '../core/scenario.ts'

/** Why this client cannot play the scenario, or undefined when it can: it lacks what the people in it do. */
export function unplayable(
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
