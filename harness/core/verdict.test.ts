import { expect, it } from 'vitest'
import { worst } from './verdict.ts'

it('takes the worst: fail over unknown over pass, and nothing for unknown', () => {
  expect(worst(['pass', 'fail', 'unknown'])).toBe('fail')
  expect(worst(['pass', 'unknown'])).toBe('unknown')
  expect(worst(['pass', 'pass'])).toBe('pass')
  expect(worst([])).toBe('unknown')
})
