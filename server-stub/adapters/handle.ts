import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { refusal } from '../http/reply.ts'

/** What a server's `handle` is: all that an adapter needs of it. */
export type Handle = (request: HttpRequest) => Promise<HttpResponse>

const METHODS: readonly HttpRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Hands a WHATWG request over. `path` is the path and query that the server is to see. */
export async function handOver(
  handle: Handle,
  request: Request,
  path: string,
): Promise<HttpResponse> {
  const method = METHODS.find((candidate) => candidate === request.method)
  if (!method) return refusal(405, `methods are ${METHODS.join(', ')}`)
  const body = request.body === null ? undefined : await request.text()
  try {
    return await handle({
      method,
      path,
      headers: Object.fromEntries(request.headers),
      ...(body !== undefined && { body }),
    })
  } catch {
    // A mistake of the server's own: it shows as what it is, without its stack.
    return refusal(500, 'the server failed')
  }
}
