import { flawed, pushItems } from '../wrap.ts'

/** As in TanStack/query#4902: two triggers drain the same queue at the same time. */
export default flawed('double-drain', 'drains its queue twice at the same time', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      if (!pushItems(request)) return http.request(request, abort)
      const [first] = await Promise.all([
        http.request(request, abort),
        http.request(request, abort).catch(() => undefined),
      ])
      return first
    },
  },
}))
