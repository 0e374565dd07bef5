import { describe, expect, it } from 'vitest'
import { EPOCH_WALL } from '../../core/time.ts'
import { compareStamps, isBeyondClamp } from './stamps.ts'

const stamp = (ms: number, node = 'ana') =>
  `${String(EPOCH_WALL + ms).padStart(15, '0')}:00000:${node}`
const received = (ms: number, t: number, node?: string) => ({ stamp: stamp(ms, node), t })

describe('compareStamps', () => {
  it('compares stamps that are not in the future as texts', () => {
    expect(compareStamps(received(200, 0), received(100, 900))).toBeGreaterThan(0)
    expect(compareStamps(received(100, 0, 'ana'), received(100, 0, 'ben'))).toBeLessThan(0)
  })

  it('counts a stamp from the future as the time of its receipt and the clamp', () => {
    const hour = 3_600_000
    expect(compareStamps(received(hour, 0), received(90_000, 90_000))).toBeLessThan(0)
    expect(compareStamps(received(hour, 90_000), received(90_000, 90_000))).toBeGreaterThan(0)
    expect(compareStamps(received(hour, 0), received(2 * hour, 1000))).toBeUndefined()
  })

  it('does not compare other texts, or without a stamp', () => {
    expect(compareStamps({ stamp: 'noon', t: 0 }, received(0, 0))).toBeUndefined()
    expect(compareStamps(received(0, 0), { stamp: undefined, t: 0 })).toBeUndefined()
  })
})

it('isBeyondClamp allows for a minute, and for an inexact clock', () => {
  expect(isBeyondClamp(received(65_000, 0))).toBe(false)
  expect(isBeyondClamp(received(75_000, 0))).toBe(true)
  expect(isBeyondClamp({ stamp: 'noon', t: 0 })).toBe(false)
})
