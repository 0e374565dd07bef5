import { performance } from 'node:perf_hooks'
import type { Effect } from '../../core/effect.ts'
import type { Invariant } from '../../core/invariant.ts'
import type { World } from '../../core/world.ts'
import { runScenario } from '../../run/run.ts'
import type { Player } from './player.ts'

export interface WorldPlayerOptions {
  readonly invariants: readonly Invariant[]
  readonly effects: ReadonlyMap<string, Effect>
  /** The most real milliseconds of a run. Default: no limit. */
  readonly timeoutMs?: number | undefined
}

/** Plays and judges in this thread: for a world that has processes of its own. */
export function worldPlayer(
  world: World,
  { invariants, effects, timeoutMs }: WorldPlayerOptions,
): Player {
  return {
    about: world.about,
    concurrency: world.concurrency,
    play: (job, options) => {
      const now = () => performance.now()
      const run = runScenario({ ...job, ...options, world, invariants, effects, now })
      return timeoutMs === undefined ? run : within(timeoutMs, run)
    },
    close: () => world.close(),
  }
}

/** Rejects if the run does not end in time. Its processes then live until the world is closed. */
async function within<Value>(timeoutMs: number, run: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it did not end within ${timeoutMs / 1000} s`)
    timer = setTimeout(() => reject(error), timeoutMs)
  })
  return Promise.race([run, late]).finally(() => clearTimeout(timer))
}
