import { expect, it } from 'vitest'
import { busiestMinute } from './busiest-minute.ts'

it('busiestMinute finds the minute with the most items, however they lie', () => {
  const seconds = [0, 30, 61, 90, 91, 92, 200]
  const find = (bound: number) =>
    busiestMinute(
      seconds,
      (second) => second * 1000,
      () => bound,
    )
  expect(find(3)).toEqual({ first: 61, last: 92, count: 4, bound: 3 })
  expect(find(4)).toBeUndefined()
})
