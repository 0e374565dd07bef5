/**
 * Drives a stage by hand, without a scenario's steps.
 *
 * @module
 */
import type { WriteAction } from '../core/action.ts'
import { during, scenario } from '../core/build.ts'
import type { History } from '../core/history.ts'
import { mark } from '../core/mark.ts'
import type { Stage } from '../core/world.ts'

/**
 * A scenario to open a stage with. It announces one death of ana and one of the server, which a
 * world may prepare for; what really happens is up to the test.
 */
export const story = scenario({
  title: 'Driven by hand',
  story: 'A stage is driven by hand.',
  devices: ['ana', 'ben'],
  steps: [
    during('1s', '2s', {
      name: 'killed',
      says: 'ana and the server die',
      nodes: ['ana'],
      effects: [{ effect: 'device-dead', device: 'ana' }, { effect: 'server-dead' }],
    }),
  ],
  exercised: {},
})

let serial = 0
/** Makes the action that sends a new message with this text. */
export function message(device: string, text: string): WriteAction {
  const [op, record] = [`${device}-${++serial}`, `r${serial}`]
  return {
    type: 'create',
    op,
    collection: 'messages',
    record,
    content: { conversation: 'main', text: mark(text, { record, op }) },
  }
}

/** Returns the first history that meets `condition`. The test's own timeout ends the waiting. */
export async function when(
  stage: Stage,
  condition: (history: History) => unknown,
): Promise<History> {
  for (;;) {
    const history = await stage.history()
    if (condition(history)) return history
  }
}
