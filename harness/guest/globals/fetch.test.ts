import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { utf8Bytes } from '../../codec/bytes.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { type Serve, TestStage } from '../testing/stage.ts'

function staged(serve: Serve = ({ body }) => ({ body })) {
  const stage = new TestStage()
  stage.serve = serve
  const globals = stage.globals()
  return { stage, globals, fetch: globals.fetch }
}

const text = async (response: Promise<Response>) => (await response).text()

it('fetch sends a request and resolves with the response', async () => {
  const { stage, fetch } = staged(() => ({
    status: 201,
    headers: { 'Content-Type': 'application/json', 'X-Kind': 'a' },
    body: '{"n":1}',
  }))
  const got = async () => {
    const response = await fetch('/items?x=1', {
      method: 'POST',
      headers: { 'x-key': 'k' },
      body: JSON.stringify({ a: 'ä' }),
    })
    const { status, ok, url, redirected, type, headers } = response
    const kind = headers.get('x-kind')
    return { status, ok, url, redirected, type, kind, json: await response.json() }
  }
  expect(await stage.settle(got())).toEqual({
    status: 201,
    ok: true,
    url: 'http://server.test/items?x=1',
    redirected: false,
    type: 'basic',
    kind: 'a',
    json: { n: 1 },
  })
  expect(stage.received).toMatchObject([
    {
      method: 'POST',
      path: '/items?x=1',
      body: '{"a":"ä"}',
      headers: {
        host: 'server.test',
        'x-key': 'k',
        'content-type': 'text/plain;charset=UTF-8',
        'content-length': '10',
      },
    },
  ])
})

it('fetch accepts a Request, a URL and an absolute address', async () => {
  const { stage, globals, fetch } = staged(({ method, path }) => ({ body: `${method} ${path}` }))
  const request = new globals.Request('/a', { method: 'PUT', body: 'x' })
  expect(await stage.settle(text(fetch(request)))).toBe('PUT /a')
  expect(await stage.settle(text(fetch(new URL('http://server.test/b'))))).toBe('GET /b')
  expect(await stage.settle(text(fetch('http://server.test/c')))).toBe('GET /c')
})

it.each([
  ['a typed array', () => new Uint8Array([104, 105]), 'hi'],
  ['a Blob', (g: typeof globalThis) => new g.Blob(['h', 'i'], { type: 'a/b' }), 'hi'],
  ['URLSearchParams', () => new URLSearchParams({ a: 'b c' }), 'a=b+c'],
])('fetch sends %s', async (_, body, expected) => {
  const { stage, globals, fetch } = staged()
  const sent = { method: 'POST', body: body(globals) as BodyInit }
  expect(await stage.settle(text(fetch('/', sent)))).toBe(expected)
})

it('fetch sends a form with files, with a boundary that the seed decides', async () => {
  const send = async () => {
    const { stage, globals, fetch } = staged()
    const form = new globals.FormData()
    form.append('a', '1')
    form.append('f', new globals.File(['content'], 'f.txt', { type: 'text/plain' }))
    await stage.settle(text(fetch('/', { method: 'POST', body: form })))
    return stage.received[0]
  }
  const sent = await send()
  expect(sent?.body).toMatch(/name="a"\r\n\r\n1\r\n.*filename="f.txt"\r\n.*\r\n\r\ncontent\r\n/s)
  expect(await send()).toEqual(sent)
})

it('fetch sends a stream in chunks, while it is read', async () => {
  const { stage, globals, fetch } = staged()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new globals.ReadableStream<Uint8Array>({
    start: (its) => {
      controller = its
    },
  })
  const answer = text(fetch('/', { method: 'POST', body, duplex: 'half' } as RequestInit))
  await stage.clock.advance(100)
  controller?.enqueue(utf8Bytes('one '))
  await stage.clock.advance(100)
  controller?.enqueue(utf8Bytes('two'))
  controller?.close()
  expect(await stage.settle(answer)).toBe('one two')
  expect(stage.received[0]?.headers['transfer-encoding']).toBe('chunked')
})

/** Writes the head of a response in chunks. */
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (content: string) => utf8Bytes(`${content.length.toString(16)}\r\n${content}\r\n`)

it('fetch passes on a body while it arrives, and the error of a cut connection', async () => {
  let server: ByteStream | undefined
  const { stage, fetch } = staged((_request, stream) => {
    server = stream
    stream.write(utf8Bytes(CHUNKED))
    stream.write(chunk('first'))
    return undefined
  })
  const response = await stage.settle(fetch('/'))
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const read = async () => {
    const { value } = await reader.read()
    return new TextDecoder().decode(value)
  }
  expect(await stage.settle(read())).toBe('first')
  server?.write(chunk('second'))
  expect(await stage.settle(read())).toBe('second')
  server?.reset()
  await expect(stage.settle(reader.read())).rejects.toThrow(TypeError)
})

it.each(['reset', 'end'] as const)('fetch fails as in a browser on a %s', async (how) => {
  const { stage, fetch } = staged((_request, stream) => {
    stream[how]()
    return undefined
  })
  const failing = stage.settle(fetch('/'))
  await expect(failing).rejects.toThrow(TypeError)
  await expect(failing).rejects.toThrow('Failed to fetch')
})

it('fetch has no network but that to the server', async () => {
  const { stage, fetch } = staged()
  await expect(stage.settle(fetch('https://example.com/'))).rejects.toThrow('Failed to fetch')
  expect(stage.connections).toHaveLength(0)
})

it('fetch sends each request over a connection of its own', async () => {
  const { stage, fetch } = staged()
  await stage.settle(text(fetch('/1')))
  await stage.settle(text(fetch('/2')))
  expect(stage.connections).toHaveLength(2)
})

it('fetch opens at most six connections at a time, and sends the rest later', async () => {
  let isHeld = true
  const { stage, fetch } = staged(({ path }) => (isHeld ? undefined : { body: path }))
  const controller = new AbortController()
  const first = Array.from({ length: 6 }, (_each, i) =>
    fetch(`/held/${i}`, { signal: controller.signal }).catch(() => 'aborted'),
  )
  const later = Promise.all(['/a', '/b', '/c'].map((path) => text(fetch(path))))
  await stage.clock.advance(1_000)
  expect(stage.connections).toHaveLength(6)
  isHeld = false
  controller.abort()
  expect(await stage.settle(Promise.all(first))).toEqual(Array(6).fill('aborted'))
  expect(await stage.settle(later)).toEqual(['/a', '/b', '/c'])
})

it('fetch is aborted by a signal, before and after the head', async () => {
  const { stage, globals, fetch } = staged((_request, stream) => {
    stream.write(utf8Bytes(CHUNKED))
    return undefined
  })
  await expect(fetch('/', { signal: globals.AbortSignal.abort() })).rejects.toThrow(/abort/i)
  const controller = new globals.AbortController()
  const response = await stage.settle(fetch('/', { signal: controller.signal }))
  const reading = stage.settle(response.text())
  controller.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
})

it('AbortSignal.timeout counts scenario time', async () => {
  const { stage, globals, fetch } = staged(() => undefined)
  const failing = stage.settle(fetch('/', { signal: globals.AbortSignal.timeout(5_000) }))
  await expect(failing).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(stage.clock.now()).toBe(5_000)
})

it.each([
  [303, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [307, 'POST', 'POST', 'x'],
  [301, 'PUT', 'PUT', 'x'],
])('fetch follows a %i of a %s with a %s', async (status, method, next, body) => {
  const { stage, fetch } = staged(({ path }) =>
    path === '/a' ? { status, headers: { Location: 'b' } } : { body: path },
  )
  const response = await stage.settle(fetch('/a', { method, body: 'x' }))
  expect(response).toMatchObject({ url: 'http://server.test/b', redirected: true, status: 200 })
  expect(stage.received[1]).toMatchObject({ method: next, path: '/b', body })
})

it('fetch obeys the redirect modes, and follows no endless redirects', async () => {
  const { stage, fetch } = staged(() => ({ status: 302, headers: { Location: '/' } }))
  expect(await stage.settle(fetch('/', { redirect: 'manual' }))).toMatchObject({ status: 302 })
  await expect(stage.settle(fetch('/', { redirect: 'error' }))).rejects.toThrow(TypeError)
  await expect(stage.settle(fetch('/'))).rejects.toThrow('Failed to fetch')
})

it('fetch unpacks a body while the time stands still', async () => {
  const { stage, fetch } = staged(() => ({
    headers: { 'Content-Encoding': 'gzip' },
    body: new Uint8Array(gzipSync('packed')),
  }))
  expect(await stage.settle(text(fetch('/')))).toBe('packed')
})

it('fetch reads bodies as blobs, bytes and clones', async () => {
  const { stage, globals, fetch } = staged(() => ({
    headers: { 'Content-Type': 'a/b' },
    body: 'abc',
  }))
  const read = async () => {
    const response = await fetch('/')
    const copy = response.clone()
    const blob = await response.blob()
    expect(blob instanceof globals.Blob && blob.type).toBe('a/b')
    expect(copy.url).toBe('http://server.test/')
    return [await blob.text(), new Uint8Array(await copy.arrayBuffer()).length]
  }
  expect(await stage.settle(read())).toEqual(['abc', 3])
})

it('fetch answers HEAD and 204 without a body', async () => {
  const { stage, fetch } = staged(({ method }) => ({ status: method === 'HEAD' ? 200 : 204 }))
  expect(await stage.settle(text(fetch('/', { method: 'HEAD' })))).toBe('')
  const response = await stage.settle(fetch('/', { method: 'DELETE' }))
  expect([response.status, response.body]).toEqual([204, null])
})

it('fetch reads data URLs', async () => {
  const { stage, fetch } = staged()
  expect(await stage.settle(text(fetch('data:text/plain;base64,aGk=')))).toBe('hi')
})
