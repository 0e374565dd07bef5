import { setImmediate } from 'node:timers/promises'
import type { Verdict } from '../../core/verdict.ts'

/** One scenario of a world, as whoever shows the progress sees it. */
export interface Task {
  /** 'tunnel' */
  readonly title: string
  /** Plays and judges it. Undefined: it was given up. Does not reject. */
  run(onPhase: (phase: string) => void): Promise<TaskEnd | undefined>
}

export interface TaskEnd {
  readonly verdict: Verdict
  /** 'fail  NO-LOSS' */
  readonly text: string
}

/** How a run's progress is shown: live in a terminal, line by line elsewhere. */
export interface Progress {
  /** Runs all tasks, `concurrency` side by side, in their order. */
  play(heading: string, tasks: readonly Task[], concurrency: number): Promise<void>
}

/** Runs tasks side by side, in order. Between two of them whatever else waits gets its turn: a signal, the screen. */
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
