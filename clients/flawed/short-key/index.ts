import type { ClientEvent } from '../../../harness/core/event.ts'
import { flawed, pushItems, withBody } from '../wrap.ts'

/** The first digits of a UUIDv7 are its time: it takes about a minute until they change. */
const short = (key: string) => key.slice(0, 8)

/** Shortens its idempotency keys, so that writes of one minute share a key. */
export default flawed('short-key', 'cuts its keys to 8 digits', ({ http, recorder }) => ({
  recorder: {
    screen: () => recorder.screen(),
    note: (text, about) => recorder.note(text, about),
    emit: (event: ClientEvent) =>
      recorder.emit('key' in event ? { ...event, key: short(event.key) } : event),
  },
  http: {
    request: async (request, abort) => {
      const items = pushItems(request)
      if (!items) return http.request(request, abort)
      const cut = items.map((item) => ({ ...item, key: short(item.key) }))
      const about = request.about?.map(({ key, attempt }) => ({ key: short(key), attempt }))
      const response = await http.request(
        { ...request, body: JSON.stringify({ items: cut }), ...(about && { about }) },
        abort,
      )
      return withBody<{ results: object[] }>(response, (body) => ({
        ...body,
        results: body.results.map((result, i) => ({ ...result, key: items[i]?.key })),
      }))
    },
  },
}))
