import { HttpResponse, http, type RequestHandler } from 'msw'
import { type Handle, handOver } from './handle.ts'

/**
 * Request handlers for msw that answer everything below `baseUrl` as this server: to test your own client against it, in Node or in a
 * browser's service worker. Everything else is left to msw.
 */
export function mswHandlers(baseUrl: string, handle: Handle): RequestHandler[] {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  return [
    http.all(`${base.origin}${prefix}/*`, async ({ request }) => {
      const { pathname, search } = new URL(request.url)
      const { status, headers, body } = await handOver(
        handle,
        request,
        pathname.slice(prefix.length) + search,
      )
      return new HttpResponse(body, { status, headers })
    }),
  ]
}
