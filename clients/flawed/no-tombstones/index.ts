import { flawed, withBody } from '../wrap.ts'

interface Page {
  readonly changes: readonly { readonly deleted: boolean; readonly content?: unknown }[]
}

/** Ignores tombstones, so a record deleted elsewhere stays on the screen. */
export default flawed(
  'no-tombstones',
  'keeps showing records that were deleted elsewhere',
  ({ http }) => ({
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
  }),
)
