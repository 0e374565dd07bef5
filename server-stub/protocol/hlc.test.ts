import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareStamps, formatStamp, type Hlc, parseStamp, tick, witness } from './hlc.ts'

const hlc = fc.record({ ms: fc.nat({ max: 3_000_000_000_000 }), counter: fc.nat({ max: 99_999 }) })
const wall = fc.nat({ max: 3_000_000_000_000 })
const order = (a: Hlc, b: Hlc) => Math.sign(a.ms - b.ms || a.counter - b.counter)

it('sorts stamps as texts in the order of their clocks', () => {
  fc.assert(
    fc.property(hlc, hlc, (a, b) => {
      expect(Math.sign(compareStamps(formatStamp(a, 'n'), formatStamp(b, 'n')))).toBe(order(a, b))
    }),
  )
})

it('parses a formatted stamp to the same values', () => {
  fc.assert(
    fc.property(hlc, fc.stringMatching(/^[a-z0-9:-]*$/), (stamp, node) => {
      expect(parseStamp(formatStamp(stamp, node))).toEqual({ ...stamp, node })
    }),
  )
})

it('ticks to a later, valid stamp, even if the counter is full', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        hlc,
        hlc.map(({ ms }) => ({ ms, counter: 99_999 })),
      ),
      wall,
      (last, now) => {
        const next = tick(last, now)
        expect(order(next, last)).toBe(1)
        expect(next.ms).toBeGreaterThanOrEqual(Math.min(now, last.ms))
        expect(parseStamp(formatStamp(next, 'n'))).toBeDefined()
      },
    ),
  )
})

it('witnesses the later of two stamps', () => {
  fc.assert(
    fc.property(hlc, hlc, (a, b) => {
      expect(witness(a, b)).toEqual(order(a, b) >= 0 ? a : b)
    }),
  )
})

it.each([
  '',
  'yesterday',
  '001767254400003:00000',
  '1767254400003:0:ana',
  '001767254400003:000000:ana',
])('does not parse %j as a stamp', (text) => {
  expect(parseStamp(text)).toBeUndefined()
})
