import { flawed, pushed, withBody } from '../wrap.ts'

/** As in element-web#31451: what waited is sent in any order but its own. */
export default flawed('reversed', 'sends what waited last first', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const items = pushed(request)
      if (!items) return http.request(request, abort)
      const response = await http.request(
        { ...request, body: JSON.stringify({ items: [...items].reverse() }) },
        abort,
      )
      return withBody<{ results: unknown[] }>(response, (body) => ({
        ...body,
        results: [...body.results].reverse(),
      }))
    },
  },
}))
