import { expect, it } from 'vitest'
import { during, scenario } from '../core/build.ts'
import { checkScenario } from '../core/check-scenario.ts'
import type { EffectSpec } from '../core/fault.ts'
import acksLost from './acks-lost.ts'
import httpResponse from './http-response.ts'
import { allEffects } from './testing/effects.ts'

const effects = await allEffects()
const unavailable = { effect: 'http-response', status: 503 }

function check(spec: EffectSpec) {
  const fault = { name: 'x', caption: 'x', nodes: ['ana'], effects: [spec] }
  const built = scenario({
    ...{ title: 'Mine', story: 'A fault.', devices: ['ana'] },
    ...{ steps: [during('1s', '2s', fault)], exercised: {} },
  })
  return () => checkScenario(built, { effects }, 'mine.json')
}

it.each<[string, object, path: string, message: string]>([
  ['a method in small letters', { method: 'post' }, '.method', "capital letters, such as 'POST'"],
  ['a path without a slash', { path: 'push' }, '.path', "beginning of a path, such as '/push'"],
  ['an nth request before the first', { nth: 0 }, '.nth', 'expected 1 for the first request'],
  ['an unknown field', { methods: 'POST' }, '.methods', 'there is no such parameter'],
  ['a broken second', { retryAfter: 1500 }, '.retryAfter', 'whole seconds, such as 5000'],
  ['an empty until', { until: {} }, '', "until: expected a 'method' or a 'path'"],
  ['an until of the same requests', { path: '/a/b', until: { path: '/a' } }, '', 'exempt'],
  ['a path of until without a slash', { until: { path: 'a' } }, '.until.path', "such as '/push'"],
])('refuses %s in one line', (_, fields, path, message) => {
  const error = check({ ...unavailable, ...fields })
  expect(error).toThrow(`mine.json is not a scenario at steps.0.fault.effects.0${path}: `)
  expect(error).toThrow(message)
  expect(error).not.toThrow('\n')
})

it.each([
  { path: '/a', until: { path: '/b' } },
  { path: '/a', until: { method: 'POST' } },
  { method: 'GET', until: { method: 'POST', path: '/a' } },
  { until: { path: '/session' } },
])('accepts an until that leaves requests: %j', (fields) => {
  expect(check({ ...unavailable, ...fields })).not.toThrow()
})

it('has captions in which a person recognises what happens', () => {
  const spec = { device: 'ana', moment: 'before', status: 503, body: 'empty' } as const
  expect(httpResponse.caption(httpResponse.spec(spec))).toBe('ana gets 503 instead of an answer')
  expect(acksLost.caption(acksLost.spec({ device: 'ana' }))).toBe(
    'acknowledgements for ana are lost',
  )
})
