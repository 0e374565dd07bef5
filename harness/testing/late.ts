import type { ClientDefinition, ClientPorts } from '../core/client.ts'
import { sleep } from '../core/ports/clock.ts'
import { seededRandom } from '../core/random.ts'

/** The longest delay of one promise, in scenario milliseconds. */
const DELAY_MAX_MS = 40

/**
 * Returns a client that does what `definition` does behind a slow bridge, such as IndexedDB or
 * another thread: each of its promises settles some milliseconds late. What it reports was true
 * when it was asked, so no invariant may accuse it.
 *
 * @param number decides how late each kind of promise is
 */
export function late(definition: ClientDefinition, number: number): ClientDefinition {
  const random = seededRandom(number).fork('late')
  const [saved, settled, viewBefore, viewAfter] = Array.from({ length: 4 }, () =>
    random.next() < 0.3 ? 0 : random.int(1, DELAY_MAX_MS),
  ) as [number, number, number, number]
  return {
    ...definition,
    name: `${definition.name}, late`,
    create: (ports, identity) => {
      const client = definition.create(ports, identity)
      const wait = waiter(ports)
      return {
        start: () => client.start(),
        stop: () => client.stop(),
        view: async () => {
          await wait(viewBefore)
          const view = await client.view()
          await wait(viewAfter)
          return view
        },
        perform: (action) => {
          const performed = client.perform(action)
          return {
            saved: performed.saved.then((report) => wait(saved).then(() => report)),
            ...(performed.settled && {
              settled: performed.settled.then((report) => wait(settled).then(() => report)),
            }),
          }
        },
      }
    },
  }
}

const waiter =
  ({ clock }: ClientPorts) =>
  async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(clock, ms)
  }
