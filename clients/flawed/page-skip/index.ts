import { flawed, withBody } from '../wrap.ts'

interface Page {
  readonly changes: readonly unknown[]
}

/** Drops the last row of each page and saves the cursor after it, as in airbyte#80152. */
export default flawed('page-skip', 'loses the last row of every page of changes', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const response = await http.request(request, abort)
      if (!request.path.startsWith('/changes')) return response
      return withBody<Page>(response, (page) => ({ ...page, changes: page.changes.slice(0, -1) }))
    },
  },
}))
