import { flawed, pushed } from '../wrap.ts'

/** As in TanStack/query#4902: two triggers, two drains of one queue. */
export default flawed('double-drain', 'drains its queue twice at a time', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      if (!pushed(request)) return http.request(request, abort)
      const [first] = await Promise.all([
        http.request(request, abort),
        http.request(request, abort).catch(() => undefined),
      ])
      return first
    },
  },
}))
