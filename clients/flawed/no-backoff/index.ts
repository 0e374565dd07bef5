import type { HttpResponse } from '../../../harness/core/ports/http.ts'
import { flawed } from '../wrap.ts'

const PAUSE_MS = 20

/** Tries a failed request again at once, like a connection pool without a budget. */
export default flawed('no-backoff', 'tries a failed request again at once', ({ http, clock }) => ({
  http: {
    request: async (request, abort) => {
      const attempt = async (): Promise<HttpResponse> => {
        try {
          return await http.request(request, abort)
        } catch (error) {
          if (abort?.aborted) throw error
          await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve))
          return attempt()
        }
      }
      return attempt()
    },
  },
}))
