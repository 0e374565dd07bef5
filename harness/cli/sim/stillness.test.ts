import { expect, it } from 'vitest'
import { Stillness } from './stillness.ts'

const busy = { elapsedMs: 250, workedMs: 250 }
const ticks = (states: readonly number[], span = busy) => {
  const stillness = new Stillness(250)
  return states.map((state) => stillness.tick(state, span))
}

it('a state that changes is not still', () => {
  expect(ticks([1, 2, 3])).toEqual([0, 0, 0])
})

it('a state that stays is still for the time since its last change', () => {
  expect(ticks([7, 7, 7, 8, 8])).toEqual([0, 250, 500, 0, 250])
})

it('on a machine that is held up a late tick counts no more than a punctual one', () => {
  expect(ticks([7, 7], { elapsedMs: 60_000, workedMs: 60_000 })).toEqual([0, 250])
})

it('time in which the process got little of the processor counts less, but it counts', () => {
  expect(ticks([7, 7, 7], { elapsedMs: 250, workedMs: 100 })).toEqual([0, 100, 200])
  expect(ticks([7, 7, 7], { elapsedMs: 250, workedMs: 0 })).toEqual([0, 62.5, 125])
})
