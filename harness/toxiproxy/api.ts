import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { badBody } from '../link/errors.ts'
import type { ApiCall, Handler } from './handlers.ts'
import type { Proxies } from './proxies.ts'
import { type ApiResponse, errorResponse, plainText } from './response.ts'
import { type Route, route } from './routes.ts'

/** A longer request body is rejected with 400. */
const BODY_MAX_BYTES = 16 << 20

/** Returns the request listener that serves the API for these proxies. */
export function api(
  proxies: Proxies,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const inTurn = oneAtATime()
  return async (request, response) => {
    const { status, headers, body } = await respond(request, proxies, inTurn)
    request.resume()
    if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(body ?? ''))
    response.writeHead(status, headers).end(body)
  }
}

type InTurn = (handler: Handler, call: ApiCall) => Promise<ApiResponse>

/**
 * Runs handlers one at a time, as the original's locks do. Starting a proxy is asynchronous, and
 * two concurrent calls could each overlook the other's proxy.
 */
function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (handler, call) => {
    const turn = last.then(() => handler(call)).catch(errorResponse)
    last = turn
    return turn
  }
}

/** Never rejects. */
async function respond(
  request: IncomingMessage,
  proxies: Proxies,
  inTurn: InTurn,
): Promise<ApiResponse> {
  const found = findRoute(request.url ?? '/')
  if (found === 'malformed') return plainText(400, MALFORMED_PATH)
  if (!found) return plainText(404, '404 page not found')
  const handler = found.methods[request.method ?? '']
  if (!handler) return { status: 405 }
  const response = isBrowser(request)
    ? plainText(403, 'User agent not allowed')
    : await readBody(request).then(
        (body) => inTurn(handler, { proxies, names: found.names, body }),
        errorResponse,
      )
  const id = { 'X-Toxiproxy-Request-Id': randomUUID() }
  return { ...response, headers: { ...response.headers, ...id } }
}

const MALFORMED_PATH = '400 Bad Request: the path is not properly escaped'

function findRoute(url: string): Route | undefined | 'malformed' {
  try {
    return route(decodeURIComponent(url.split('?')[0] as string))
  } catch {
    return 'malformed'
  }
}

/** Browsers are rejected, so that a web page a developer visits cannot control the proxy. */
function isBrowser(request: IncomingMessage): boolean {
  return request.headers['user-agent']?.startsWith('Mozilla/') === true
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= BODY_MAX_BYTES) chunks.push(chunk)
  }
  // Thrown after the whole body: leaving the loop would break the connection without a response.
  if (size > BODY_MAX_BYTES) throw badBody(`more than ${BODY_MAX_BYTES} bytes`)
  return Buffer.concat(chunks).toString('utf8')
}
