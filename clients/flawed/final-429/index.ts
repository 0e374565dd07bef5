import { httpWithPushes, refusedForGood } from '../invented.ts'
import { flawed } from '../wrap.ts'

/** Takes every 4xx for a fault of the request itself, 429 included, and gives the write up. */
export default flawed('final-429', 'takes 429 for a refusal for good', ({ http }) => ({
  http: httpWithPushes(http, async (push) => {
    const response = await push.send()
    return response.status === 429 ? refusedForGood('too many requests', push.epoch) : response
  }),
}))
