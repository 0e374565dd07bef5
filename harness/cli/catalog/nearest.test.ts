import { expect, it } from 'vitest'
import { nearest, unknownName } from './nearest.ts'

const known = ['clean', 'tunnel', 'tunnel-app-killed', 'keep-race', 'interview/naive']

it.each([
  ['tunel', 'tunnel'],
  ['Tunnel', 'tunnel'],
  ['kepe-race', 'keep-race'],
  ['naive', 'interview/naive'],
  ['claen', 'clean'],
])('for %s suggests %s', (name, meant) => {
  expect(nearest(name, known)).toBe(meant)
})

it('suggests nothing if no known name is similar', () => {
  expect(nearest('zzzzzz', known)).toBeUndefined()
  expect(unknownName('scenario', 'zzzzzz', ['a', 'b'])).toBe(
    "unknown scenario 'zzzzzz': expected one of a, b",
  )
})

it('an unknown name is reported with a suggestion and the known names', () => {
  expect(unknownName('client', 'refrence', ['reference', 'interview/naive'])).toBe(
    "unknown client 'refrence' (did you mean 'reference'?): " +
      'expected one of reference, interview/naive',
  )
})
