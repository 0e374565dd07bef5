import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { messageOf, Problem } from '../../harness/core/problem.ts'
import { MAX_BODY_BYTES } from '../http/body.ts'
import { errorResponse } from '../http/response.ts'
import { forward, forwardTooLarge, type Handle } from './handle.ts'

export interface ListeningServer {
  /** The port it listens on; for port 0, the one that the system chose. */
  readonly port: number
  /** Closes all connections and stops listening. */
  close(): Promise<void>
}

/**
 * Serves a sync server over HTTP. Default: 127.0.0.1 and a free port. Rejects with a Problem if it
 * cannot listen there.
 *
 * @example
 * const { port, close } = await serve(standalone(dedup).handle, { port: 8080 })
 */
export async function serve(
  handle: Handle,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<ListeningServer> {
  const app = new Hono()
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: async ({ req }) => respond(await forwardTooLarge(handle, req.raw, pathOf(req.url))),
    }),
  )
  app.all('*', async (context) => {
    return respond(await forward(handle, context.req.raw, pathOf(context.req.url)))
  })
  // Called if the client disconnected while its body was read: the response reaches no client.
  app.onError(() => respond(errorResponse(400, 'the request did not arrive whole')))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(
        new Problem(
          `the server cannot listen on ${host}:${port}: ${messageOf(cause)}; free the port, or name another`,
          { cause },
        ),
      )
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function respond({ status, headers, body }: ReturnType<typeof errorResponse>): Response {
  return new Response(body, { status, headers })
}
