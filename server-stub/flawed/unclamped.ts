import type { ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

const YEAR_MS = 365 * 86_400_000

/** Has a clock that is a year ahead, so no stamp is in the future and none is clamped. */
const unclamped: ServerDefinition = {
  name: 'unclamped',
  title: 'believes a device whose clock is far ahead',
  create: ({ clock, ...ports }, setup) =>
    syncServer(
      {
        ...ports,
        clock: {
          now: () => clock.now(),
          wall: () => clock.wall() + YEAR_MS,
          after: (ms, task) => clock.after(ms, task),
        },
      },
      setup,
      DEFAULT_TRAITS,
    ),
}

export default unclamped
