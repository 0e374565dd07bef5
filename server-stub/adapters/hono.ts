import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { messageOf, Problem } from '../../harness/core/problem.ts'
import { MAX_BODY_BYTES, tooLarge } from '../http/body.ts'
import { refusal } from '../http/reply.ts'
import { type Handle, handOver } from './handle.ts'

export interface Served {
  /** The port it listens on: the one asked for, or the one it was given for 0. */
  readonly port: number
  /** Breaks what connections there are, and stops listening. */
  close(): Promise<void>
}

/** Serves a sync server over HTTP; on loopback unless told otherwise. Rejects with a Problem when the port cannot be had. */
export async function serve(
  handle: Handle,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<Served> {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => respond(refusal(413, tooLarge)) }))
  app.all('*', async (context) => {
    const { pathname, search } = new URL(context.req.url)
    return respond(await handOver(handle, context.req.raw, pathname + search))
  })
  // Reached when the client went away while its body was being read: nobody is left to see this.
  app.onError(() => respond(refusal(400, 'the request did not arrive whole')))
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

function respond({ status, headers, body }: ReturnType<typeof refusal>): Response {
  return new Response(body, { status, headers })
}
