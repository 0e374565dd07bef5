import { flawed } from '../wrap.ts'

/** Does not read Retry-After, and retries by its own backoff, which begins with a second. */
export default flawed('no-patience', 'ignores Retry-After', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const response = await http.request(request, abort)
      const { 'retry-after': _, ...headers } = response.headers
      return { ...response, headers }
    },
  },
}))
