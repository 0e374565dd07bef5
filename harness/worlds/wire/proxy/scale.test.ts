import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allToxics } from '../../../link/testing/toxics.ts'
import type { Toxic } from '../../../link/toxic.ts'
import { scaleAttributes } from './scale.ts'

const toxics = await allToxics()
const kind = (type: string) => toxics.get(type) as Toxic

it.each([
  ['latency', { latency: 3000, jitter: 410 }, { latency: 75, jitter: 10 }],
  [
    'slicer',
    { average_size: 100, size_variation: 10, delay: 4000 },
    { average_size: 100, size_variation: 10, delay: 100 },
  ],
  ['bandwidth', { rate: 3 }, { rate: 120 }],
  ['limit_data', { bytes: 100 }, { bytes: 100 }],
  ['timeout', { timeout: 0 }, { timeout: 0 }],
  ['slow_close', { delay: 3 }, { delay: 1 }],
  ['latency', { latency: -80, unknown: 7 }, { latency: -2, unknown: 7 }],
])('scaleAttributes turns %s %o into %o at time scale 40', (type, given, scaled) => {
  expect(scaleAttributes(kind(type), given, 40)).toEqual(scaled)
})

it('scaleAttributes changes nothing at time scale 1', () => {
  fc.assert(
    fc.property(fc.constantFrom(...toxics.values()), fc.nat(), (toxic, value) => {
      const attributes = Object.fromEntries(
        Object.keys(toxic.attributes).map((name) => [name, value]),
      )
      expect(scaleAttributes(toxic, attributes, 1)).toEqual(attributes)
    }),
  )
})

it('scaleAttributes never makes a span 0, and always returns whole numbers', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 1, max: 1e4, noNaN: true }),
      (latency, timeScale) => {
        const scaled = scaleAttributes(kind('latency'), { latency }, timeScale).latency
        expect(Number.isInteger(scaled)).toBe(true)
        expect(scaled).toBeGreaterThan(0)
      },
    ),
  )
})
