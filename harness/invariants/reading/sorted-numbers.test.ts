import { expect, it } from 'vitest'
import { countUpTo } from './sorted-numbers.ts'

it('countUpTo counts all numbers that are at most the limit, equal ones too', () => {
  const sorted = [1, 3, 3, 7]

  expect([0, 1, 2, 3, 6, 7, Number.POSITIVE_INFINITY].map((n) => countUpTo(sorted, n))).toEqual([
    0, 1, 1, 3, 3, 4, 4,
  ])
  expect(countUpTo([], 1)).toBe(0)
})
