/**
 * Responses that no server sent: a wrapped client gets them in the place of what came, and so
 * believes what its flaw believes.
 *
 * @module
 */
import type { Http, HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { type PushBody, parsedBody, pushItems } from './wrap.ts'

export const json = (status: number, body: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** Returns the response of a server that has applied all items of a push. */
export function allApplied(items: PushBody['items'], epoch: string, seq: number): HttpResponse {
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
      seq: Math.max(1, seq),
    },
  }))
  return json(200, { epoch, results })
}

/** Returns the response of a server that refuses a request for good. */
export const refusedForGood = (error: string, epoch: string): HttpResponse =>
  json(400, { error, epoch })

/** A push that a flawed client sends, and whose response it may misunderstand. */
interface Push {
  readonly items: PushBody['items']
  /** The server's epoch, as the last pull showed it: a client believes no response without it. */
  readonly epoch: string
  /** Sends the request, with the changes. */
  send(changes?: Partial<HttpRequest>): Promise<HttpResponse>
}

/** Returns a port that sends everything as it is, apart from pushes: `onPush` sends those. */
export function httpWithPushes(http: Http, onPush: (push: Push) => Promise<HttpResponse>): Http {
  let epoch = 'unknown'
  return {
    request: async (request, abort) => {
      const items = pushItems(request)
      if (!items) {
        const response = await http.request(request, abort)
        epoch = epochOf(response) ?? epoch
        return response
      }
      return onPush({
        items,
        get epoch() {
          return epoch
        },
        send: (changes) => http.request({ ...request, ...changes }, abort),
      })
    },
  }
}

function epochOf(response: HttpResponse): string | undefined {
  return response.status === 200 ? parsedBody<{ epoch: string }>(response)?.epoch : undefined
}
