import { DEFAULT_SETTLE_MS, type Scenario } from '../core/scenario.ts'
import type { Stage } from '../core/world.ts'
import { stuckOperations } from './stuck.ts'

/** Between two questions to a stage that should be at rest by now, in scenario milliseconds. */
const ASK_EVERY_MS = 1000

/**
 * Returns the most time from healing to reading the replicas, in scenario milliseconds: the
 * scenario's `settle`, but at least twice the client's declared `recovery`.
 */
export function settleFor(scenario: Scenario, recovery: number): number {
  return Math.max(scenario.settle, 2 * recovery)
}

/**
 * Lets the system come to rest. Ends early, and resolves to true, once nothing has happened for the
 * client's declared `recovery`: every retry and poll that it promises has had its turn by then. A
 * scenario that asks for more than the default time gets all of it, and so does an operation that
 * is stuck.
 */
export async function settle(stage: Stage, scenario: Scenario, recovery: number): Promise<boolean> {
  // From now on, not from healAt: on the wire healing needs time.
  const latest = stage.now() + settleFor(scenario, recovery)
  if (scenario.settle <= DEFAULT_SETTLE_MS && (await comesToRest(stage, latest, recovery))) {
    if (stuckOperations(await stage.history()).length === 0) return true
  }
  await stage.until(latest)
  return false
}

async function comesToRest(stage: Stage, latest: number, recovery: number): Promise<boolean> {
  for (let now = stage.now(); now < latest; now = stage.now()) {
    const since = stage.restingSince()
    if (since !== undefined && now >= since + recovery) return true
    const next = since === undefined ? 0 : since + recovery
    await stage.until(Math.min(latest, Math.max(next, now + ASK_EVERY_MS)))
  }
  return false
}
