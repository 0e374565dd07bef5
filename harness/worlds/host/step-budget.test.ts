import { describe, expect, it } from 'vitest'
import { StepBudget } from './step-budget.ts'

describe('the step budget', () => {
  it('ends timers that fire without time passing', () => {
    const budget = new StepBudget(0, { atOneInstant: 2, inAll: 100 })
    expect([5, 5, 5].map((now) => budget.spend(now))).toEqual([
      undefined,
      undefined,
      { sign: 'more than 2 timers at one instant', since: 5 },
    ])
  })

  it('counts from the beginning when time passes', () => {
    const budget = new StepBudget(0, { atOneInstant: 2, inAll: 100 })
    expect([0, 0, 1, 1, 2, 2].map((now) => budget.spend(now))).toEqual(Array(6).fill(undefined))
  })

  it('ends an incarnation whose timers never come to an end', () => {
    const budget = new StepBudget(7, { atOneInstant: 2, inAll: 3 })
    expect([8, 9, 10, 11].map((now) => budget.spend(now)).at(-1)).toEqual({
      sign: 'more than 3 timers in one run of the app',
      since: 7,
    })
  })
})
