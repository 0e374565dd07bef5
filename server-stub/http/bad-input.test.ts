import fc from 'fast-check'
import { expect, it } from 'vitest'
import { standalone } from '../adapters/standalone.ts'
import { errorResponseSchema } from '../protocol/changes.ts'
import { create, TestServer } from '../testing/test-server.ts'
import dedup from '../variants/dedup.ts'
import { MAX_BODY_BYTES } from './body.ts'

const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: string) =>
  standalone(dedup).handle({ method, path, ...(body !== undefined && { body }) })

it.each([
  ['POST', '/push', undefined, 400, 'the body is not JSON'],
  ['POST', '/push', '<html>', 400, 'the body is not JSON'],
  ['POST', '/push', '['.repeat(200_000), 400, 'the body is not JSON'],
  ['POST', '/push', 'null', 400, 'the body does not fit'],
  ['POST', '/push', '{"items":[]}', 400, 'the body does not fit at items'],
  [
    'POST',
    '/push',
    '{"items":[{"type":"create","content":[]}]}',
    400,
    'the body does not fit at items.0',
  ],
  ['POST', '/push', '{"items":[{"type":"rename"}]}', 400, 'the body does not fit at items.0.type'],
  [
    'POST',
    '/messages',
    '{"id":"\\ud800","conversation":"c","text":"x"}',
    400,
    'the body does not fit at id: must be well-formed Unicode',
  ],
  ['GET', '/changes?after=-1', undefined, 400, 'after must be a whole number from 0'],
  ['GET', '/changes?after=1e3', undefined, 400, 'after must be a whole number from 0'],
  [
    'GET',
    '/changes?after=99999999999999999999',
    undefined,
    400,
    'after must be a whole number from 0',
  ],
  ['GET', '/changes?limit=0', undefined, 400, 'limit must be at least 1'],
  ['GET', '/changes?epoch=%E0%A4', undefined, 400, 'the query is not well-formed'],
  ['GET', '/messages?since=noon', undefined, 400, 'since must be a number'],
  ['PUT', '/messages/%E0%A4', '{}', 400, 'the path is not well-formed'],
  ['PUT', '/messages/m1', '{"text":"x"}', 400, 'the body does not fit at conversation'],
  ['PUT', '/messages/*', '{"conversation":"c","text":"x"}', 404, 'unknown record'],
  ['GET', '/messages/m1', undefined, 405, '/messages/m1 accepts PUT, DELETE'],
  ['GET', '/messages/m1/x', undefined, 404, 'no such path'],
  ['GET', '/elsewhere', undefined, 404, 'no such path'],
  ['GET', '/constructor', undefined, 404, 'no such path'],
  ['DELETE', '/messages', undefined, 405, '/messages accepts POST, GET'],
] as const)('refuses %s %s with body %.40j', async (method, path, body, status, error) => {
  const response = await send(method, path, body)
  expect(response.status).toBe(status)
  expect(errorResponseSchema.parse(JSON.parse(response.body)).error).toContain(error)
})

it('limits a body by its bytes, not by its characters', async () => {
  const text = '€'.repeat(Math.ceil(MAX_BODY_BYTES / 3))
  expect(
    (await send('POST', '/messages', JSON.stringify({ conversation: 'c', text }))).status,
  ).toBe(413)
  const fits = 'x'.repeat(MAX_BODY_BYTES - 100)
  expect(
    (await send('POST', '/messages', JSON.stringify({ conversation: 'c', text: fits }))).status,
  ).toBe(201)
})

it('responds below 500 to any input, and stores nothing of an invalid one', async () => {
  const stamp = new TestServer(dedup).stamp('ana')
  const almost = fc
    .record({
      field: fc.constantFrom(
        'type',
        'key',
        'collection',
        'record',
        'rev',
        'base',
        'stamp',
        'content',
      ),
      value: fc.jsonValue(),
    })
    .map(({ field, value }) =>
      JSON.stringify({ items: [{ ...create({ stamp }), base: 7, [field]: value }] }),
    )
  const requests = fc.record({
    method: fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const),
    path: fc.oneof(
      fc.constantFrom('/push', '/messages', '/changes'),
      fc.string().map((text) => `/${text}`),
      fc.string().map((text) => `/changes?after=${text}`),
    ),
    body: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), almost), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, body }) => {
      const server = standalone(dedup)
      const response = await server.handle({ method, path, ...(body !== undefined && { body }) })
      expect(response.status).toBeLessThan(500)
      expect(() => JSON.parse(response.body)).not.toThrow()
      if (response.status >= 400) expect(server.dump()).toMatchObject({ position: 0, rows: [] })
    }),
    { numRuns: 200 },
  )
})
