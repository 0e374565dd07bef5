import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../harness/core/ports/http.ts'
import { REQUEST_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { MAX_BODY_BYTES } from '../http/body.ts'
import { create, TestServer } from '../testing/test-server.ts'
import dedup from '../variants/dedup.ts'
import type { Handle } from './handle.ts'

/** Puts `handle` behind an adapter. Returns a function that sends to it. */
export type Connect = (handle: Handle) => Promise<{ send: Handle; close(): Promise<void> }>

const text = '\ud800 </script> \u0000 😀 ⟦m1 ana-1⟧'
const stamp = new TestServer(dedup).stamp('ana')
const post = (path: string, body: string): HttpRequest => ({
  method: 'POST',
  path,
  headers: { [USER_HEADER]: 'ana', [REQUEST_HEADER]: 'r1', 'content-type': 'application/json' },
  body,
})

const REQUESTS: readonly HttpRequest[] = [
  { method: 'GET', path: '/changes?after=0' },
  post(
    '/push',
    JSON.stringify({
      items: [create({ stamp, key: 'k1' }, text), create({ stamp, key: 'k2', record: 'n2' })],
    }),
  ),
  post('/push', JSON.stringify({ items: [create({ stamp, key: 'k1' }, text)] })),
  post('/messages', JSON.stringify({ id: 'm1', conversation: 'c', text })),
  { method: 'GET', path: '/messages?since=0' },
  { method: 'GET', path: '/changes?after=0&limit=1' },
  { method: 'GET', path: '/changes?after=2&epoch=%20lost&limit=1' },
  post('/push', '{'),
  post('/push', ''),
  post('/messages', 'x'.repeat(MAX_BODY_BYTES + 1)),
  { method: 'DELETE', path: '/messages' },
  { method: 'PATCH', path: '/elsewhere?x=1', body: '{}' },
]

/**
 * Through the adapter, a sequence of requests has the same responses and events as by direct calls.
 */
export function adapterContract(name: string, connect: Connect): void {
  describe(`adapter '${name}'`, () => {
    const [direct, through] = [new TestServer(dedup), new TestServer(dedup)]
    let link: Awaited<ReturnType<Connect>>
    beforeAll(async () => {
      link = await connect((request) => through.handle(request))
    })
    afterAll(() => link.close())

    it.each(
      REQUESTS.map(
        (request) =>
          [
            `${request.method} ${request.path} ${request.body?.slice(0, 60) ?? ''}`,
            request,
          ] as const,
      ),
    )('%s', async (_, request) => {
      const [expected, got] = [await direct.handle(request), await link.send(request)]
      expect({ status: got.status, body: got.body }).toEqual({
        status: expected.status,
        body: expected.body,
      })
      expect(got.headers).toMatchObject(expected.headers)
      expect(through.events).toEqual(direct.events)
    })

    it('responds 500 without a stack if the server throws', async () => {
      const broken = await connect(() => Promise.reject(new Error('a secret of the inside')))
      const { status, body } = await broken.send({ method: 'GET', path: '/changes?after=0' })
      await broken.close()
      expect(status).toBe(500)
      expect(JSON.parse(body)).toEqual({ error: 'the server failed' })
    })
  })
}

/** Sends requests with the global fetch to a server at `base`. */
export const sendByFetch =
  (base: string): Handle =>
  async ({ method, path, headers, body }) => {
    const response = await fetch(`${base}${path}`, {
      method,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  }
