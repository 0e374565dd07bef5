import { flawed, pushItems, withBody } from '../wrap.ts'

/** Takes a 5xx for a proof that nothing was done, and makes a new request of it, with a new key. */
export default flawed(
  'new-key-on-5xx',
  'uses a new idempotency key after a 5xx',
  ({ http, random }) => {
    /** The new keys by the ones that the outbox has. */
    const renewed = new Map<string, string>()
    const keyOf = (key: string) => renewed.get(key) ?? key
    const renew = (key: string) =>
      renewed.set(key, [...random.bytes(8)].map((byte) => byte.toString(16)).join('-'))
    return {
      http: {
        request: async (request, abort) => {
          const items = pushItems(request)
          if (!items) return http.request(request, abort)
          const sent = items.map((item) => ({ ...item, key: keyOf(item.key) }))
          const about = request.about?.map((entry) => ({ ...entry, key: keyOf(entry.key) }))
          const body = JSON.stringify({ items: sent })
          const response = await http.request({ ...request, body, ...(about && { about }) }, abort)
          if (response.status >= 500) for (const { key } of items) renew(key)
          return withBody<{ results: object[] }>(response, (answer) => ({
            ...answer,
            results: answer.results.map((result, i) => ({ ...result, key: items[i]?.key })),
          }))
        },
      },
    }
  },
)
