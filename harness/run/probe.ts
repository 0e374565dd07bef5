import { mark } from '../core/mark.ts'
import type { Scenario } from '../core/scenario.ts'
import type { Stage } from '../core/world.ts'
import { isCompletedByProbe, stuckOperations } from './stuck.ts'

/**
 * Tries to unstick operations that did not complete: restarts the app, then makes another write.
 * LIVENESS reports which of the two helped. All other invariants ignore these events, which come
 * after the replicas were read.
 */
export async function probe(
  stage: Stage,
  scenario: Scenario,
  recovery: number,
  onBegin: () => void,
): Promise<void> {
  const stuckDevices = async () =>
    new Set(stuckOperations(await stage.history()).map((operation) => operation.device))
  const stuck = await stuckDevices()
  if (stuck.size === 0) return

  onBegin()
  const wait = () => stage.until(stage.now() + recovery)
  for (const device of stuck) {
    await stage.device(device).kill()
    await stage.device(device).start()
  }
  await wait()
  const history = await stage.history()
  const still = stuckOperations(history).filter(
    (operation) => !isCompletedByProbe(history, operation),
  )
  for (const device of new Set(still.map((operation) => operation.device))) {
    const [opId, record] = [`${device}-probe`, `probe-${device}`]
    const content = {
      conversation: 'main',
      text: mark('Is anything still stuck?', { record, opId }),
    }
    stage
      .device(device)
      .perform({ type: 'create', opId, collection: collectionOf(scenario), record, content })
  }
  if (still.length > 0) await wait()
}

function collectionOf(scenario: Scenario): string {
  for (const step of scenario.steps) {
    if ('action' in step && 'collection' in step.action) return step.action.collection
  }
  return 'messages'
}
