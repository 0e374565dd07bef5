import { type HeaderPair, headerOf, type ResponseHead } from '../../codec/http1-head.ts'
import type { HttpPool } from '../net/http-pool.ts'
import { ORIGIN, type Realm } from '../realm/realm.ts'
import { type bodyClasses, bytesOfRequest } from './bodies.ts'
import { dataResponse, hasData } from './data-url.ts'
import { packing, unpacked } from './unpacked.ts'

type Classes = ReturnType<typeof bodyClasses>

const REDIRECTS_MAX = 20
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const WITHOUT_BODY = new Set([101, 204, 205, 304])

const failed = (cause: unknown) => new TypeError('Failed to fetch', { cause })

/** Returns `fetch` over connections to the server under test. */
export function fetchFunction(realm: Realm, pool: HttpPool, { Request, Response }: Classes) {
  /** Sends one request, and resolves with its response when the head has arrived. */
  const exchange = (
    url: URL,
    method: string,
    headers: readonly HeaderPair[],
    body: Uint8Array | ReadableStream<Uint8Array> | undefined,
    signal: AbortSignal,
  ) =>
    new Promise<{ head: ResponseHead; body: ReadableStream<Uint8Array> }>((resolve, reject) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined
      let isOver = false
      const fail = (error: unknown) => {
        if (isOver) return
        isOver = true
        signal.removeEventListener('abort', onAbort)
        reject(error)
        controller?.error(error)
      }
      const end = () => {
        isOver = true
        signal.removeEventListener('abort', onAbort)
      }
      const abort = pool.send(
        { method, path: `${url.pathname}${url.search}`, headers, body },
        {
          head: realm.bind((head) => {
            const stream = new ReadableStream<Uint8Array>({
              start: (its) => {
                controller = its
              },
              cancel: () => {
                end()
                abort()
              },
            })
            resolve({ head, body: stream })
          }),
          body: realm.bind((bytes) => {
            if (!isOver) controller?.enqueue(bytes.slice())
          }),
          end: realm.bind(() => {
            if (!isOver) controller?.close()
            end()
          }),
          failed: realm.bind((reason) => fail(controller ? networkError(reason) : failed(reason))),
        },
      )
      const onAbort = () => {
        abort()
        fail(signal.reason)
      }
      signal.addEventListener('abort', onAbort)
    })

  const follow = async (request: globalThis.Request): Promise<globalThis.Response> => {
    let url = new URL(request.url)
    let { method } = request
    let body: Uint8Array | ReadableStream<Uint8Array> | undefined =
      bytesOfRequest(request) ?? (request.body as ReadableStream<Uint8Array> | null) ?? undefined
    const headers = new Headers(request.headers)
    if (!headers.has('accept')) headers.set('accept', '*/*')
    for (let redirects = 0; ; redirects++) {
      if (hasData(url)) return dataResponse(url, Response)
      if (url.origin !== ORIGIN) throw unreachable(url)
      const sent: HeaderPair[] = [['Host', url.host], ...headers]
      if (method !== 'GET' && method !== 'HEAD') sent.push(['Origin', ORIGIN])
      const answer = await exchange(url, method, sent, body, request.signal)
      const { status } = answer.head
      const location = headerOf(answer.head.headers, 'location')
      if (!REDIRECTS.has(status) || location === undefined || request.redirect === 'manual')
        return response(answer.head, answer.body, url, redirects > 0)
      void answer.body.cancel()
      if (request.redirect === 'error') throw failed('the server redirects')
      if (redirects === REDIRECTS_MAX) throw failed(`more than ${REDIRECTS_MAX} redirects`)
      url = new URL(location, url)
      const becomesGet =
        (status === 303 && method !== 'GET' && method !== 'HEAD') ||
        ((status === 301 || status === 302) && method === 'POST')
      if (becomesGet) {
        method = 'GET'
        body = undefined
        for (const name of ['content-type', 'content-encoding', 'content-language'])
          headers.delete(name)
      } else if (body instanceof ReadableStream) throw failed('a stream cannot be sent twice')
    }
  }

  const response = async (
    head: ResponseHead,
    stream: ReadableStream<Uint8Array>,
    url: URL,
    redirected: boolean,
  ): Promise<globalThis.Response> => {
    const headers = new Headers()
    // A browser keeps cookies for itself.
    for (const [name, value] of head.headers)
      if (!/^set-cookie2?$/i.test(name)) headers.append(name, value)
    const format = packing(headerOf(head.headers, 'content-encoding'))
    const body = WITHOUT_BODY.has(head.status)
      ? null
      : format === undefined
        ? stream
        : await unpacked(realm.ports.standstill, await allOf(stream), format)
    const made = new Response(body, { status: head.status, statusText: head.reason, headers })
    // Made from bytes or a stream, a response states no type of its own.
    if (!headers.has('content-type')) made.headers.delete('content-type')
    const about = { url: url.href, redirected, type: 'basic' }
    for (const [name, value] of Object.entries(about))
      Object.defineProperty(made, name, { value, configurable: true })
    return made
  }

  return async function fetch(input: unknown, init?: RequestInit): Promise<globalThis.Response> {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    return follow(request)
  }
}

const networkError = (reason: string) => new TypeError('network error', { cause: reason })

/** The device has no other network than that to the server under test. */
function unreachable(url: URL): TypeError {
  console.warn(
    `fetch: ${url.origin} cannot be reached: the server under test is ${ORIGIN}, and there is ` +
      'no other network',
  )
  return failed(`${url.origin} cannot be reached`)
}

async function allOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) parts.push(part)
  return parts
}
