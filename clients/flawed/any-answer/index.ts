import { HttpError } from '../../../harness/core/ports/http.ts'
import { allApplied, Pulls } from '../invented.ts'
import { flawed, pushItems } from '../wrap.ts'

/** Treats a failed push as success, like workbox's queue, which never checks the status. */
export default flawed('any-answer', 'treats a failed push as success', ({ http, clock }) => {
  const pulls = new Pulls(http)
  return {
    http: {
      request: async (request, abort) => {
        const items = pushItems(request)
        if (!items) return pulls.request(request, abort)
        try {
          const response = await http.request(request, abort)
          if (response.status === 200) return response
        } catch (error) {
          if (!(error instanceof HttpError)) throw error
        }
        return allApplied(items, pulls.epoch, clock.now())
      },
    },
  }
})
