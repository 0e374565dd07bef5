import { type Abort, HttpError, type HttpRequest } from '../../../harness/core/ports/http.ts'
import { flawed, pushItems } from '../wrap.ts'

/** Treats a failed push as success, like workbox's queue, which never checks the status. */
export default flawed('any-answer', 'treats a failed push as success', ({ http, clock }) => {
  let epoch = 'unknown'
  const pull = async (request: HttpRequest, abort?: Abort) => {
    const response = await http.request(request, abort)
    if (response.status === 200) epoch = JSON.parse(response.body).epoch
    return response
  }
  return {
    http: {
      request: async (request, abort) => {
        const items = pushItems(request)
        if (!items) return pull(request, abort)
        try {
          const response = await http.request(request, abort)
          if (response.status === 200) return response
        } catch (error) {
          if (!(error instanceof HttpError)) throw error
        }
        const results = items.map(({ key, rev, collection, record, content, stamp, type }) => ({
          key,
          rev,
          outcome: 'applied',
          current: {
            collection,
            record,
            version: 1,
            deleted: type === 'delete',
            content,
            key,
            stamp,
            author: 'me',
            seq: Math.max(1, clock.now()),
          },
        }))
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ epoch, results }),
        }
      },
    },
  }
})
