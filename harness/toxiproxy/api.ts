import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { badBody } from '../link/errors.ts'
import type { ApiCall, Handler } from './handlers.ts'
import type { Proxies } from './proxies.ts'
import { type ApiResponse, errorResponse, plainText } from './response.ts'
import { route } from './routes.ts'

/** A request body beyond this many bytes is refused. */
const BODY_MAX_BYTES = 16 << 20

/** Serves the API for these proxies. */
export function api(
  proxies: Proxies,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const inTurn = oneAtATime()
  return async (request, response) => {
    const { status, headers, body } = await answer(request, proxies, inTurn)
    request.resume()
    if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(body ?? ''))
    response.writeHead(status, headers).end(body)
  }
}

type InTurn = (handler: Handler, call: ApiCall) => Promise<ApiResponse>

/** Calls take turns, as the original's locks have it: starting a proxy takes a while, and two at a time could overlook each other. */
function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (handler, call) => {
    const turn = last.then(() => handler(call)).catch(errorResponse)
    last = turn
    return turn
  }
}

/** Never rejects. */
async function answer(
  request: IncomingMessage,
  proxies: Proxies,
  inTurn: InTurn,
): Promise<ApiResponse> {
  const found = findRoute(request.url ?? '/')
  if (found === 'malformed')
    return plainText(400, '400 Bad Request: the path is not properly escaped')
  if (!found) return plainText(404, '404 page not found')
  const handler = found.methods[request.method ?? '']
  if (!handler) return { status: 405 }
  const id = { 'X-Toxiproxy-Request-Id': randomUUID() }
  // Keeps web pages that a developer happens to visit from driving the proxy.
  const browser = request.headers['user-agent']?.startsWith('Mozilla/')
  const told = browser
    ? plainText(403, 'User agent not allowed')
    : await read(request).then(
        (body) => inTurn(handler, { proxies, names: found.names, body }),
        errorResponse,
      )
  return { ...told, headers: { ...told.headers, ...id } }
}

function findRoute(url: string): ReturnType<typeof route> | 'malformed' {
  try {
    return route(decodeURIComponent(url.split('?')[0] as string))
  } catch {
    return 'malformed'
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= BODY_MAX_BYTES) chunks.push(chunk)
  }
  // Only now: leaving the loop would break the connection, and nobody would read the answer.
  if (size > BODY_MAX_BYTES) throw badBody(`more than ${BODY_MAX_BYTES} bytes`)
  return Buffer.concat(chunks).toString('utf8')
}
