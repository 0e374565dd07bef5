import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { MAX_BODY_BYTES } from '../http/body.ts'
import { errorResponse } from '../http/response.ts'

/** A server's `handle`: the only part of it that an adapter needs. */
export type Handle = (request: HttpRequest) => Promise<HttpResponse>

const METHODS: readonly HttpRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Forwards a WHATWG request to a server. `path` is the path with the query that the server
 * receives. Responds with 405 to an unknown method, and with 500 if the server throws.
 */
export async function forward(
  handle: Handle,
  request: Request,
  path: string,
): Promise<HttpResponse> {
  return call(handle, request, path, request.body === null ? undefined : await request.text())
}

/**
 * Forwards a WHATWG request whose body is too large to be read. The server refuses it, so that the
 * refusal is its own and not that of a gateway.
 */
export function forwardTooLarge(
  handle: Handle,
  request: Request,
  path: string,
): Promise<HttpResponse> {
  return call(handle, request, path, ' '.repeat(MAX_BODY_BYTES + 1))
}

async function call(
  handle: Handle,
  request: Request,
  path: string,
  body: string | undefined,
): Promise<HttpResponse> {
  const method = METHODS.find((candidate) => candidate === request.method)
  if (!method) return errorResponse(405, `methods are ${METHODS.join(', ')}`)
  try {
    return await handle({
      method,
      path,
      headers: Object.fromEntries(request.headers),
      ...(body !== undefined && { body }),
    })
  } catch {
    // This is a bug of the server. The client must not see its stack.
    return errorResponse(500, 'the server failed')
  }
}
