import { flawed, pushed, withBody } from '../wrap.ts'

/** As in element-ios#512: the resend changes the idempotency key, so the server cannot know it again. */
export default flawed(
  'fresh-key',
  'mints a new idempotency key for every attempt',
  ({ http, random }) => {
    const mint = () =>
      Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
    return {
      http: {
        request: async (request, abort) => {
          const items = pushed(request)
          if (!items) return http.request(request, abort)
          const former = new Map<unknown, string>()
          const renamed = items.map((item) => {
            const key = mint()
            former.set(key, item.key)
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
              key: former.get(result.key) ?? result.key,
            })),
          }))
        },
      },
    }
  },
)
