import { expect, it } from 'vitest'
import { worst } from './verdict.ts'

it('worst returns the worst verdict: fail before unknown before pass, and unknown for none', () => {
  expect(worst(['pass', 'fail', 'unknown'])).toBe('fail')
  expect(worst(['pass', 'unknown'])).toBe('unknown')
  expect(worst(['pass', 'pass'])).toBe('pass')
  expect(worst([])).toBe('unknown')
})
