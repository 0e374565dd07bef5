import { allApplied, Pulls } from '../invented.ts'
import { flawed, pushItems } from '../wrap.ts'

/** Reads nothing as "nothing to complain about", as of a server that responds 204. */
export default flawed('empty-ack', 'takes an empty 200 for success', ({ http, clock }) => {
  const pulls = new Pulls(http)
  return {
    http: {
      request: async (request, abort) => {
        const items = pushItems(request)
        if (!items) return pulls.request(request, abort)
        const response = await http.request(request, abort)
        return response.status === 200 && response.body === ''
          ? allApplied(items, pulls.epoch, clock.now())
          : response
      },
    },
  }
})
