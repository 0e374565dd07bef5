import { flawed, withBody } from '../wrap.ts'

interface Page {
  readonly changes: readonly { readonly deleted: boolean; readonly content?: unknown }[]
}

/** Takes a tombstone for a row whose text did not come along, and shows it on. */
export default flawed('no-tombstones', 'keeps showing what was deleted elsewhere', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const response = await http.request(request, abort)
      if (!request.path.startsWith('/changes')) return response
      return withBody<Page>(response, (page) => ({
        ...page,
        changes: page.changes.filter(({ deleted }) => !deleted),
      }))
    },
  },
}))
