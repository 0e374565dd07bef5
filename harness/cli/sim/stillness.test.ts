import { expect, it } from 'vitest'
import { Stillness } from './stillness.ts'

it('a counter that moves is not still', () => {
  const stillness = new Stillness(250)
  expect([1, 2, 3].map((count) => stillness.tick(count, 250))).toEqual([0, 0, 0])
})

it('a counter that stands still is still for the time since its last move', () => {
  const stillness = new Stillness(250)
  expect([7, 7, 7, 8, 8].map((count) => stillness.tick(count, 250))).toEqual([0, 250, 500, 0, 250])
})

it('on a machine that is held up a late tick counts no more than a punctual one', () => {
  const stillness = new Stillness(250)
  stillness.tick(7, 250)
  expect(stillness.tick(7, 60_000)).toBe(250)
})
