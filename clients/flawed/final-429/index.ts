import { Pulls, refusedForGood } from '../invented.ts'
import { flawed, pushItems } from '../wrap.ts'

/** Takes every 4xx for a fault of the request itself, 429 included, and gives the write up. */
export default flawed('final-429', 'takes 429 for a refusal for good', ({ http }) => {
  const pulls = new Pulls(http)
  return {
    http: {
      request: async (request, abort) => {
        if (!pushItems(request)) return pulls.request(request, abort)
        const response = await http.request(request, abort)
        return response.status === 429 ? refusedForGood('too many requests', pulls.epoch) : response
      },
    },
  }
})
