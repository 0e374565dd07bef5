import { flawed, pushItems } from '../wrap.ts'

/** Drains the same queue from two triggers at the same time, as in TanStack/query#4902. */
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
