import { expect, it } from 'vitest'
import type { RequestMatch } from '../core/interception.ts'
import { requestMatches } from './request-matches.ts'

const push = { requestId: 'r1', device: 'ana', method: 'POST', path: '/push?x=1', isMarked: true }

it.each<[RequestMatch, boolean]>([
  [{}, true],
  [{ device: 'ana' }, true],
  [{ device: 'ben' }, false],
  [{ method: 'POST' }, true],
  [{ method: 'GET' }, false],
  [{ marked: true }, true],
  [{ marked: false }, false],
  [{ device: 'ana', method: 'POST', path: '/push', marked: true }, true],
  [{ device: 'ana', method: 'POST', path: '/push', marked: false }, false],
])('a push of ana matches %j: %s', (match, expected) => {
  expect(requestMatches(match, push)).toBe(expected)
})

it.each([
  ['/', '/push', true],
  ['/push', '/push', true],
  ['/push', '/push/2', true],
  ['/push', '/push?x=1', true],
  ['/push', '/push#a', true],
  ['/push', '/pushes', false],
  ['/push/', '/push', false],
  ['/push/', '/push/2', true],
  ['/push?x=1', '/push?x=1&y=2', true],
  ['/push?x=1', '/push?x=12', false],
])('the path %s matches %s: %s', (path, actual, expected) => {
  expect(requestMatches({ path }, { ...push, path: actual })).toBe(expected)
})

it('a match for requests without a write matches a poll', () => {
  expect(requestMatches({ marked: false }, { ...push, isMarked: false })).toBe(true)
})
