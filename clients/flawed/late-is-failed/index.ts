import { Pulls, refusedForGood } from '../invented.ts'
import { flawed, pushItems } from '../wrap.ts'

/** The moment at which the message shows as failed, and the real end of the request. */
const PATIENCE_MS = 15_000
const DEADLINE_MS = 60_000

/** Ignores a response that comes after its patience has ended, and gives the write up. */
export default flawed(
  'late-is-failed',
  'takes a response that comes late for a failure',
  ({ http, clock }) => {
    const pulls = new Pulls(http)
    return {
      http: {
        request: async (request, abort) => {
          if (!pushItems(request)) return pulls.request(request, abort)
          const sentAt = clock.now()
          const response = await http.request({ ...request, deadline: DEADLINE_MS }, abort)
          return clock.now() - sentAt > PATIENCE_MS
            ? refusedForGood('not delivered', pulls.epoch)
            : response
        },
      },
    }
  },
)
