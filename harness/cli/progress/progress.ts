import { setImmediate } from 'node:timers/promises'
import type { Verdict } from '../../core/verdict.ts'

/** A scenario to be played in a world, for the progress display. */
export interface Task {
  /** 'tunnel' */
  readonly title: string
  /** Plays and judges the scenario. Resolves to undefined if interrupted. Never rejects. */
  run(onPhase: (phase: string) => void): Promise<TaskEnd | undefined>
}

export interface TaskEnd {
  readonly verdict: Verdict
  /** 'fail  NO-LOSS' */
  readonly text: string
}

/** Shows the progress of a run: live in a terminal, line by line elsewhere. */
export interface Progress {
  /** Starts all tasks in their order, at most `concurrency` at a time. */
  play(heading: string, tasks: readonly Task[], concurrency: number): Promise<void>
}

/**
 * Starts tasks in their order, at most `concurrency` at a time. Between two tasks it yields to the
 * event loop, which then handles signals and updates the display.
 */
export async function pool(
  tasks: readonly (() => Promise<void>)[],
  concurrency: number,
): Promise<void> {
  const waiting = tasks.values()
  const worker = async () => {
    for (const task of waiting) {
      await task()
      await setImmediate()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker))
}
