import { expect, it } from 'vitest'
import { seededRandom } from '../../harness/core/random.ts'
import { fullJitter, retryAfter } from './backoff.ts'

it('draws waits from zero to the bound, which never exceeds the cap', () => {
  const random = seededRandom(5)
  const draws = (failures: number) =>
    Array.from({ length: 200 }, () =>
      fullJitter(random, failures, { initialMs: 1_000, capMs: 60_000 }),
    )
  expect(Math.max(...draws(1))).toBeLessThan(1_000)
  expect(Math.max(...draws(3))).toBeLessThan(4_000)
  expect(Math.max(...draws(3))).toBeGreaterThan(3_500)
  expect(Math.max(...draws(100_000))).toBeLessThan(60_000)
  expect(Math.min(...draws(100_000))).toBeLessThan(3_000)
})

it('reads Retry-After as seconds or as a date', () => {
  const wall = Date.UTC(2026, 0, 1, 8)
  expect(retryAfter('30', wall)).toBe(30_000)
  expect(retryAfter('Thu, 01 Jan 2026 08:00:10 GMT', wall)).toBe(10_000)
  expect(retryAfter('Thu, 01 Jan 2026 07:00:00 GMT', wall)).toBe(0)
  expect(retryAfter('soon', wall)).toBeUndefined()
  expect(retryAfter(undefined, wall)).toBeUndefined()
})
