import type * as http from 'node:http'
import { pipeline, Readable } from 'node:stream'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const REDIRECTS_MAX = 20
/** Statuses of responses that have no body. */
const EMPTY = new Set([101, 204, 205, 304])

interface FetchPlace {
  /** `http.request` and `https.request` of the incarnation. */
  readonly request: (url: URL, options: http.RequestOptions) => http.ClientRequest
  /** Streams that unpack the body, by content-encoding. */
  readonly unpack: Readonly<Record<string, () => NodeJS.ReadWriteStream>>
}

/** Returns the global `fetch`, on the incarnation's own http: a server can ask only itself. */
export function hostedFetch(place: FetchPlace): typeof fetch {
  const hosted = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input as string, init)
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    return follow(place, { request, url: new URL(request.url), method: request.method, body }, 0)
  }
  return hosted as typeof fetch
}

interface Sending {
  readonly request: Request
  readonly url: URL
  readonly method: string
  readonly body: Buffer | undefined
}

async function follow(place: FetchPlace, sending: Sending, redirects: number): Promise<Response> {
  const { request, url, method, body } = sending
  const answer = await send(place, sending)
  const { statusCode = 0, headers } = answer
  if (!REDIRECTS.has(statusCode) || headers.location === undefined || request.redirect === 'manual')
    return responseOf(place, answer, url, redirects > 0)
  answer.resume()
  if (request.redirect === 'error' || redirects === REDIRECTS_MAX)
    throw failed(new Error(redirects === 0 ? 'unexpected redirect' : 'redirect count exceeded'))
  const isGet = statusCode === 303 || (statusCode < 303 && method === 'POST')
  const next = {
    request,
    url: new URL(headers.location, url),
    method: isGet && method !== 'HEAD' ? 'GET' : method,
    body: isGet ? undefined : body,
  }
  return follow(place, next, redirects + 1)
}

function send(place: FetchPlace, sending: Sending): Promise<http.IncomingMessage> {
  const { request, url, method, body } = sending
  const { signal } = request
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const headers = {
      accept: '*/*',
      ...Object.fromEntries(request.headers),
      ...(body && { 'content-length': String(body.length) }),
    }
    const sent = place.request(url, { method, headers })
    signal.addEventListener('abort', () => {
      sent.destroy()
      reject(signal.reason)
    })
    sent.on('response', resolve)
    sent.on('error', (error) => reject(failed(error)))
    sent.end(body)
  })
}

function responseOf(
  { unpack }: FetchPlace,
  answer: http.IncomingMessage,
  url: URL,
  redirected: boolean,
): Response {
  const { statusCode = 0, statusMessage = '', rawHeaders, headers } = answer
  const pairs: [string, string][] = []
  for (let i = 0; i < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] as string, rawHeaders[i + 1] as string])
  const unpacker = unpack[headers['content-encoding'] ?? '']?.()
  const content = unpacker
    ? (pipeline(answer, unpacker, () => {}) as unknown as Readable)
    : (answer as Readable)
  const isEmpty = EMPTY.has(statusCode)
  if (isEmpty) answer.resume()
  const response = new Response(isEmpty ? null : (Readable.toWeb(content) as ReadableStream), {
    status: statusCode,
    statusText: statusMessage,
    headers: pairs,
  })
  return Object.defineProperties(response, {
    url: { value: url.href },
    redirected: { value: redirected },
  })
}

const failed = (cause: unknown) => new TypeError('fetch failed', { cause })
