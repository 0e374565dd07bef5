import { allApplied, Pulls } from '../invented.ts'
import { flawed, parsedBody, pushItems } from '../wrap.ts'

/** Asks for the status only, like `response.ok`: a page is as good as a result. */
export default flawed('any-200', 'takes any 200 for success', ({ http, clock }) => {
  const pulls = new Pulls(http)
  return {
    http: {
      request: async (request, abort) => {
        const items = pushItems(request)
        if (!items) return pulls.request(request, abort)
        const response = await http.request(request, abort)
        return response.status === 200 && parsedBody(response) === undefined
          ? allApplied(items, pulls.epoch, clock.now())
          : response
      },
    },
  }
})
