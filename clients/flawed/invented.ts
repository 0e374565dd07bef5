/**
 * Responses that no server sent: a wrapped client gets them in the place of what came, and so
 * believes what its flaw believes.
 *
 * @module
 */
import type { Abort, Http, HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { type PushBody, parsedBody } from './wrap.ts'

const json = (status: number, body: unknown): HttpResponse => ({
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

/** Sends pulls, and remembers the server's epoch, which a client believes no response without. */
export class Pulls {
  readonly #http: Http
  epoch = 'unknown'

  constructor(http: Http) {
    this.#http = http
  }

  async request(request: HttpRequest, abort?: Abort): Promise<HttpResponse> {
    const response = await this.#http.request(request, abort)
    this.epoch = epochOf(response) ?? this.epoch
    return response
  }
}

function epochOf(response: HttpResponse): string | undefined {
  return response.status === 200 ? parsedBody<{ epoch: string }>(response)?.epoch : undefined
}
