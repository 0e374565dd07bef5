import { allApplied, httpWithPushes } from '../invented.ts'
import { flawed, parsedBody } from '../wrap.ts'

/** Asks for the status only, like `response.ok`: a page is as good as a result. */
export default flawed('any-200', 'takes any 200 for success', ({ http, clock }) => ({
  http: httpWithPushes(http, async (push) => {
    const response = await push.send()
    return response.status === 200 && parsedBody(response) === undefined
      ? allApplied(push.items, push.epoch, clock.now())
      : response
  }),
}))
