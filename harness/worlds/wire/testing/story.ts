import type { WriteAction } from '../../../core/action.ts'
import { during, scenario } from '../../../core/build.ts'
import type { History } from '../../../core/history.ts'
import { mark } from '../../../core/mark.ts'
import type { Stage } from '../../../core/world.ts'

export const TRANSPORT = new URL('./tiny-transport.ts', import.meta.url).href

/** Foretells one death of ana and of the server; what really happens is up to the test. */
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
/** A new note with this text. */
export function note(device: string, text: string): WriteAction {
  const [op, record] = [`${device}-${++serial}`, `r${serial}`]
  return {
    type: 'create',
    op,
    collection: 'notes',
    record,
    content: { text: mark(text, { record, op }) },
  }
}

/** The first history of which `condition` holds. The test's own timeout ends the waiting. */
export async function when(
  stage: Stage,
  condition: (history: History) => unknown,
): Promise<History> {
  for (;;) {
    const history = await stage.history()
    if (condition(history)) return history
  }
}
