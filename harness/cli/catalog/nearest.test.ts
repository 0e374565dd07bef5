import { expect, it } from 'vitest'
import { nearest, unknownName } from './nearest.ts'

const known = ['clean', 'tunnel', 'tunnel-app-killed', 'keep-race', 'interview/naive']

it.each([
  ['tunel', 'tunnel'],
  ['Tunnel', 'tunnel'],
  ['kepe-race', 'keep-race'],
  ['naive', 'interview/naive'],
  ['claen', 'clean'],
])('takes %s for %s', (given, meant) => {
  expect(nearest(given, known)).toBe(meant)
})

it('guesses nothing from a name that is like none', () => {
  expect(nearest('zzzzzz', known)).toBeUndefined()
  expect(unknownName('scenario', 'zzzzzz', ['a', 'b'])).toBe(
    "unknown scenario 'zzzzzz': expected one of a, b",
  )
})

it('says what was meant and what there is', () => {
  expect(unknownName('client', 'refrence', ['reference', 'interview/naive'])).toBe(
    "unknown client 'refrence' (did you mean 'reference'?): expected one of reference, interview/naive",
  )
})
