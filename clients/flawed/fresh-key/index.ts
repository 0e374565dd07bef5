import { flawed, pushItems, withBody } from '../wrap.ts'

/** Resends with a new idempotency key, so the server cannot dedup, as in element-ios#512. */
export default flawed(
  'fresh-key',
  'uses a new idempotency key for every attempt',
  ({ http, random }) => {
    const mint = () =>
      Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
    return {
      http: {
        request: async (request, abort) => {
          const items = pushItems(request)
          if (!items) return http.request(request, abort)
          const originalKeys = new Map<unknown, string>()
          const renamed = items.map((item) => {
            const key = mint()
            originalKeys.set(key, item.key)
            return { ...item, key }
          })
          const about = renamed.map(({ key }) => ({ key, attempt: 1 }))
          const response = await http.request(
            { ...request, body: JSON.stringify({ items: renamed }), about },
            abort,
          )
          return withBody<{ results: { key: string }[] }>(response, (body) => ({
            ...body,
            results: body.results.map((result) => ({
              ...result,
              key: originalKeys.get(result.key) ?? result.key,
            })),
          }))
        },
      },
    }
  },
)
