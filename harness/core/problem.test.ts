import { expect, it } from 'vitest'
import { messageOf } from './problem.ts'

const circular: { self?: unknown } = {}
circular.self = circular

it.each([
  [new Error('no disk'), 'no disk'],
  [new TypeError(''), 'TypeError'],
  ['a text', 'a text'],
  [{ code: 7 }, '{"code":7}'],
  [undefined, 'undefined'],
  [circular, 'a thrown object that cannot be shown'],
  [7n, 'a thrown bigint that cannot be shown'],
])('has a message for whatever is thrown: %s', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})
