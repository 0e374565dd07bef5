import type { Http, HttpRequest } from '../../../harness/core/ports/http.ts'
import { flawed, pushItems } from '../wrap.ts'

interface Changes {
  readonly changes: readonly {
    readonly collection: string
    readonly record: string
    readonly version: number
  }[]
}

/**
 * Pulls before each push, and then pushes its pending edits on top of what it has pulled: as if
 * they were new, whatever came since. WatermelonDB does this by default: "client wins".
 */
export default flawed(
  'clobber',
  'pulls, and pushes its pending edits over what others wrote meanwhile',
  ({ http, clock }) => ({
    http: {
      request: async (request, abort) => {
        const items = pushItems(request)
        if (!items) return http.request(request, abort)
        const newest = await pullVersions(http, request)
        let count = 0
        const rebased = items.map((item) => ({
          ...item,
          key: `${item.key}-${clock.now()}-${count++}`,
          base: newest.get(`${item.collection} ${item.record}`) ?? item.base,
          stamp: String(item.stamp).replace(/^\d+/, (digits) =>
            String(Math.floor(clock.wall())).padStart(digits.length, '0'),
          ),
        }))
        const { about: _about, ...rest } = request
        const response = await http.request(
          { ...rest, body: JSON.stringify({ items: rebased }) },
          abort,
        )
        const keyOf = new Map(rebased.map(({ key }, i) => [key, items[i]?.key]))
        return {
          ...response,
          body: response.body.replace(/"key":"([^"]+)"/g, (text, key) =>
            keyOf.has(key) ? `"key":"${keyOf.get(key)}"` : text,
          ),
        }
      },
    },
  }),
)

/** Returns the newest version of each record on the server. */
async function pullVersions(
  http: Http,
  { headers = {}, deadline }: HttpRequest,
): Promise<ReadonlyMap<string, number>> {
  const pull = { method: 'GET', path: '/changes?after=0&limit=200', headers } as const
  const { body } = await http.request({ ...pull, ...(deadline !== undefined && { deadline }) })
  const { changes } = JSON.parse(body) as Changes
  return new Map(
    changes.map(({ collection, record, version }) => [`${collection} ${record}`, version]),
  )
}
