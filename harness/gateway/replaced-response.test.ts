import { expect, it } from 'vitest'
import type { Replacement } from '../core/interception.ts'
import { replacedResponse, sentBody } from './replaced-response.ts'

const own = {
  status: 200,
  headers: { 'content-type': 'application/json', 'content-length': '8' },
  body: '{"ok":1}',
}

it('a kept body has the headers of the server, without its length, and the given ones', () => {
  const headers = { 'retry-after': '5' }
  expect(replacedResponse({ status: 502, headers, body: 'kept' }, own)).toEqual({
    status: 502,
    headers: { 'content-type': 'application/json', 'retry-after': '5' },
    body: '{"ok":1}',
  })
})

it('a cut body is the first half of the own one, and never ends within a character', () => {
  const cut = (body: string) =>
    replacedResponse({ status: 200, headers: {}, body: 'cut' }, { ...own, body }).body
  expect(cut('{"ok":1}')).toBe('{"ok')
  expect(cut('ab\u{1f600}cd')).toBe('ab')
  expect(cut('')).toBe('')
})

it('a text replaces body and headers', () => {
  const headers = { 'content-type': 'text/html' }
  expect(replacedResponse({ status: 200, headers, body: { text: '<h1>' } }, own)).toEqual({
    status: 200,
    headers,
    body: '<h1>',
  })
})

it.each([204, 304])('a response with status %i has no body', (status) => {
  const headers = { 'content-type': 'text/html' }
  for (const body of ['kept', { text: '<h1>' }] as const)
    expect(replacedResponse({ status, headers, body }, own)).toEqual({ status, headers, body: '' })
})

it.each(['kept', 'cut'] as const)('a %s body is empty if the server was not asked', (body) => {
  expect(replacedResponse({ status: 503, headers: {}, body }, undefined)).toEqual({
    status: 503,
    headers: {},
    body: '',
  })
})

const page = { 'content-type': 'text/html; charset=utf-8' }
it.each<[Pick<Replacement, 'body'> & Partial<Replacement>, before: string, after: string]>([
  [{ body: 'kept' }, 'empty', 'kept'],
  [{ body: 'cut' }, 'empty', 'cut'],
  [{ body: { text: '' } }, 'empty', 'empty'],
  [{ body: { text: '' }, headers: page }, 'empty', 'empty'],
  [{ body: { text: '<h1>' }, headers: page }, 'html', 'html'],
  [{ body: { text: '<h1>' }, headers: page, status: 204 }, 'empty', 'empty'],
  [{ body: { text: '{}' } }, 'other', 'other'],
])(
  'the body that %j sends is %s before the server has responded, and then %s',
  (given, ...sent) => {
    const replacement = { status: 200, headers: {}, ...given }
    expect([sentBody(replacement, 'before'), sentBody(replacement, 'after')]).toEqual(sent)
  },
)
