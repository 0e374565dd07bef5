import { describe, expect, it } from 'vitest'
import { milliseconds, spanText } from './time.ts'

describe('milliseconds', () => {
  it.each([
    [1500, 1500],
    ['250ms', 250],
    ['2s', 2000],
    ['1.5m', 90_000],
    ['4h', 14_400_000],
    ['1d', 86_400_000],
  ])('milliseconds reads %s', (span, ms) => {
    expect(milliseconds(span)).toBe(ms)
  })

  it.each(['', 'soon', '2', '-1s', '1 hour', Number.NaN, -5, Number.POSITIVE_INFINITY])(
    'throws on %s and states what it expects',
    (span) => {
      expect(() => milliseconds(span)).toThrow(
        /a span of time is milliseconds or a text such as '2s'/,
      )
    },
  )
})

describe('spanText', () => {
  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [4200, '4.2 s'],
    [60_000, '1 m'],
    [125_000, '2 m 5 s'],
    [12_000_000, '3 h 20 m'],
  ])('spanText writes %i as %s', (ms, text) => {
    expect(spanText(ms)).toBe(text)
  })
})
