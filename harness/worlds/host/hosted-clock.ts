import type { Clock } from '../../core/ports/clock.ts'
import type { CodeUnderTest } from './code-under-test.ts'
import { StepBudget } from './step-budget.ts'

/**
 * Returns the clock of one incarnation, whose tasks run as its code. If `isLimited`, the tasks have
 * a budget, and the first one beyond it ends the incarnation.
 */
export function hostedClock(clock: Clock, code: CodeUnderTest, isLimited: boolean): Clock {
  const budget = isLimited ? new StepBudget(clock.now()) : undefined
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after: (ms, task) =>
      clock.after(ms, () => {
        const spin = budget?.spend(clock.now())
        if (spin) code.spin(spin)
        else code.run('a timer', task)
      }),
  }
}
