import { httpWithPushes, refusedForGood } from '../invented.ts'
import { flawed } from '../wrap.ts'

/** The moment at which the message shows as failed, and the real end of the request. */
const PATIENCE_MS = 15_000
const DEADLINE_MS = 60_000

/** Ignores a response that comes after its patience has ended, and gives the write up. */
export default flawed(
  'late-is-failed',
  'takes a response that comes late for a failure',
  ({ http, clock }) => ({
    http: httpWithPushes(http, async (push) => {
      const sentAt = clock.now()
      const response = await push.send({ deadline: DEADLINE_MS })
      return clock.now() - sentAt > PATIENCE_MS
        ? refusedForGood('not delivered', push.epoch)
        : response
    }),
  }),
)
