import { flawed, pushItems, withBody } from '../wrap.ts'

/** Sends the pending writes in reverse order, as in element-web#31451. */
export default flawed('reversed', 'sends pending writes in reverse order', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const items = pushItems(request)
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
