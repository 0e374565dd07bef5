import { HttpResponse, http, type RequestHandler } from 'msw'
import { forward, type Handle } from './handle.ts'

/**
 * Makes request handlers for msw that forward each request below `baseUrl` to this server, for
 * tests of your own client, in Node or in a browser's service worker. Leaves other requests to msw.
 *
 * @example
 * const sync = standalone(dedup)
 * const network = setupServer(...mswHandlers('https://api.example.com', sync.handle))
 * network.listen()
 */
export function mswHandlers(baseUrl: string, handle: Handle): RequestHandler[] {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  return [
    http.all(`${base.origin}${prefix}/*`, async ({ request }) => {
      const { pathname, search } = new URL(request.url)
      const { status, headers, body } = await forward(
        handle,
        request,
        pathname.slice(prefix.length) + search,
      )
      return new HttpResponse(body, { status, headers })
    }),
  ]
}
