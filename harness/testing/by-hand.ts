/**
 * Drives a world's stage by hand: a scenario to open it with, a message to send, and a way to wait.
 * For tests of worlds. Tests of one client use `phone.ts` with `actions.ts` instead.
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
 * world may prepare for. The test alone decides what happens.
 */
export const handDriven = scenario({
  title: 'Driven by hand',
  story: 'A stage is driven by hand.',
  devices: ['ana', 'ben'],
  steps: [
    during('1s', '2s', {
      name: 'killed',
      caption: 'ana and the server die',
      nodes: ['ana'],
      effects: [{ effect: 'device-dead', device: 'ana' }, { effect: 'server-dead' }],
    }),
  ],
  exercised: {},
})

let serial = 0

/**
 * Returns the action that sends a message: with the next free operation id of the device, and with
 * a marker in the text, as in a scenario.
 */
export function markedMessage(device: string, text: string): WriteAction {
  const [opId, record] = [`${device}-${++serial}`, `r${serial}`]
  return {
    type: 'create',
    opId,
    collection: 'messages',
    record,
    content: { conversation: 'main', text: mark(text, { record, opId }) },
  }
}

/** Returns the first history that meets `condition`. Only the test's timeout limits the wait. */
export async function waitFor(
  stage: Stage,
  condition: (history: History) => unknown,
): Promise<History> {
  for (;;) {
    const history = await stage.history()
    if (condition(history)) return history
  }
}
