import type { Clock } from '../../core/ports/clock.ts'
import { type Spin, StepBudget } from './step-budget.ts'

/**
 * Returns the clock of one incarnation, whose tasks run through `run`. If `onSpin` is given, the
 * tasks have a budget: the first one beyond it does not run, and `onSpin` is called instead.
 */
export function hostedClock(
  clock: Clock,
  run: (task: () => void) => void,
  onSpin?: (spin: Spin) => void,
): Clock {
  const budget = onSpin && new StepBudget(clock.now())
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after: (ms, task) =>
      clock.after(ms, () => {
        run(() => {
          const spin = budget?.spend(clock.now())
          if (spin) onSpin?.(spin)
          else task()
        })
      }),
  }
}
