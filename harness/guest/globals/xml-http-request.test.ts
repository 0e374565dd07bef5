import { expect, it } from 'vitest'
import type { Serve } from '../testing/stage.ts'
import { TestStage } from '../testing/stage.ts'

interface Xhr extends EventTarget {
  readyState: number
  status: number
  responseText: string
  response: unknown
  responseType: string
  responseURL: string
  timeout: number
  upload: EventTarget
  open(method: string, url: string, isAsync?: boolean): void
  setRequestHeader(name: string, value: string): void
  getResponseHeader(name: string): string | null
  getAllResponseHeaders(): string
  send(body?: unknown): void
  abort(): void
}

function opened(serve: Serve, method = 'GET') {
  const stage = new TestStage()
  stage.serve = serve
  const globals = stage.globals()
  const xhr = new (globals.XMLHttpRequest as unknown as new () => Xhr)()
  const events: string[] = []
  for (const type of ['readystatechange', 'loadstart', 'load', 'error', 'abort', 'timeout'])
    xhr.addEventListener(type, () =>
      events.push(type === 'readystatechange' ? String(xhr.readyState) : type),
    )
  xhr.addEventListener('loadend', () => events.push('loadend'))
  xhr.open(method, '/x')
  return { stage, globals, xhr, events }
}

it('XMLHttpRequest goes through its states, and reports the response', async () => {
  const { stage, xhr, events } = opened(
    ({ body }) => ({ status: 201, headers: { 'X-A': '1' }, body: `got ${body}` }),
    'POST',
  )
  const uploads: string[] = []
  xhr.upload.addEventListener('load', () => uploads.push('load'))
  xhr.setRequestHeader('x-key', 'k')
  xhr.send('data')
  await stage.clock.advance(1000)
  expect(events).toEqual(['1', 'loadstart', '2', '3', '4', 'load', 'loadend'])
  expect([xhr.status, xhr.responseText, xhr.responseURL]).toEqual([
    201,
    'got data',
    'http://server.test/x',
  ])
  expect([xhr.getResponseHeader('X-A'), xhr.getAllResponseHeaders()]).toEqual([
    '1',
    expect.stringContaining('x-a: 1\r\n'),
  ])
  expect(stage.received[0]?.headers).toMatchObject({
    'x-key': 'k',
    'content-type': 'text/plain;charset=UTF-8',
  })
  expect(uploads).toEqual(['load'])
})

it.each([
  ['json', { n: 1 }],
  ['arraybuffer', new TextEncoder().encode('{"n":1}').buffer],
  ['text', '{"n":1}'],
])('XMLHttpRequest returns the response as %s', async (type, expected) => {
  const { stage, xhr } = opened(() => ({ body: '{"n":1}' }))
  xhr.responseType = type
  xhr.send()
  await stage.clock.advance(1000)
  expect(xhr.response).toEqual(expected)
})

it('XMLHttpRequest returns the response as a Blob', async () => {
  const { stage, globals, xhr } = opened(() => ({ headers: { 'Content-Type': 'a/b' }, body: 'x' }))
  xhr.responseType = 'blob'
  xhr.send()
  await stage.clock.advance(1000)
  expect(xhr.response).toBeInstanceOf(globals.Blob)
  expect([(xhr.response as Blob).type, await (xhr.response as Blob).text()]).toEqual(['a/b', 'x'])
})

it('XMLHttpRequest reports a broken connection as an error without a status', async () => {
  const { stage, xhr, events } = opened((_request, stream) => {
    stream.reset()
    return undefined
  })
  xhr.send()
  await stage.clock.advance(1000)
  expect([...events.slice(2), xhr.status, xhr.responseText]).toEqual([
    '4',
    'error',
    'loadend',
    0,
    '',
  ])
})

it('XMLHttpRequest times out, and can be aborted and used again', async () => {
  const { stage, xhr, events } = opened(({ path }) => (path === '/y' ? { body: 'y' } : undefined))
  xhr.timeout = 500
  xhr.send()
  await stage.clock.advance(1000)
  expect(events.splice(0)).toEqual(['1', 'loadstart', '4', 'timeout', 'loadend'])
  xhr.open('GET', '/x')
  xhr.send()
  xhr.abort()
  expect(events.splice(0)).toEqual(['1', 'loadstart', '4', 'abort', 'loadend'])
  expect(xhr.readyState).toBe(0)
  xhr.open('GET', '/y')
  xhr.send()
  await stage.clock.advance(1000)
  expect([events.at(-2), xhr.responseText]).toEqual(['load', 'y'])
})

it('XMLHttpRequest refuses synchronous requests and wrong uses', () => {
  const { xhr } = opened(() => undefined)
  expect(() => xhr.open('GET', '/', false)).toThrow(/synchronous/)
  xhr.send()
  expect(() => xhr.send()).toThrow(/not open/)
})
