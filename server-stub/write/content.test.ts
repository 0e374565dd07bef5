import { expect, it } from 'vitest'
import type { Json } from '../../harness/core/json.ts'
import { invalidContentReason } from './content.ts'

const nested = (levels: number): Json =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)

it.each([
  ['plain fields', { text: 'x', list: [1, null, { deep: true }] }],
  ['the deepest nesting taken', nested(32)],
  ['a field called constructor', JSON.parse('{"constructor":1,"toString":2}')],
])('accepts content: %s', (_, content) => {
  expect(invalidContentReason(content)).toBeUndefined()
})

it.each([
  [
    'nesting that would overflow stacks',
    nested(100_000),
    'content is nested deeper than 32 levels',
  ],
  [
    'a number beyond all numbers',
    JSON.parse('{"a":[1e999]}'),
    'content holds a number too large to keep',
  ],
  [
    'a field that copies would lose',
    JSON.parse('{"a":{"__proto__":1}}'),
    "content holds a field named '__proto__'",
  ],
])('rejects content: %s', (_, content, flaw) => {
  expect(invalidContentReason(content)).toBe(flaw)
})
