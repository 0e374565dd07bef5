import { flawed, withBody } from '../wrap.ts'

interface Page {
  readonly changes: readonly unknown[]
}

/** As in airbyte#80152: drops the last row of each page and saves the cursor behind it. */
export default flawed('page-skip', 'loses the last row of every page of changes', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const response = await http.request(request, abort)
      if (!request.path.startsWith('/changes')) return response
      return withBody<Page>(response, (page) => ({ ...page, changes: page.changes.slice(0, -1) }))
    },
  },
}))
