import { expect, it } from 'vitest'
import { timeScaleOf } from './time-scale.ts'

const scenario = { timeScale: 40 }

it.each([
  [{ client: {} }, 40],
  [{ client: {}, timeScale: 100 }, 100],
  [{ client: { timeScaleMax: 1 } }, 1],
  [{ client: { timeScaleMax: 20 }, timeScale: 5 }, 5],
  [{ client: { timeScaleMax: 20 }, timeScale: 100 }, 20],
])('%j is played at time scale %d', (run, expected) => {
  expect(timeScaleOf({ scenario, ...run })).toBe(expected)
})
