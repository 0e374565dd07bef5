import { allApplied, httpWithPushes } from '../invented.ts'
import { flawed } from '../wrap.ts'

/** Reads nothing as "nothing to complain about", as of a server that responds 204. */
export default flawed('empty-ack', 'takes an empty 200 for success', ({ http, clock }) => ({
  http: httpWithPushes(http, async (push) => {
    const response = await push.send()
    return response.status === 200 && response.body === ''
      ? allApplied(push.items, push.epoch, clock.now())
      : response
  }),
}))
