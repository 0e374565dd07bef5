import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import { SettableSignal } from '../../../harness/core/ports/signal.ts'
import { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { WORK_TABLES } from '../work-spec.ts'
import type { WorkerContext, WorkResult } from '../worker.ts'
import { WorkManager } from '../workmanager.ts'

export const SECOND = 1000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** A run as a test sees it: when it began, and how to end it. */
export interface SeenRun {
  readonly at: number
  readonly context: WorkerContext
  end(result: WorkResult): void
}

/** A phone with one app on it, whose process can die. */
export class Phone {
  readonly clock = new VirtualClock()
  readonly connectivity = new SettableSignal({ online: true, metered: false })
  readonly power = new SettableSignal({ charging: false, dozing: false })
  readonly #disk = new MemoryDisk()
  #alive = { yes: true }
  workManager: WorkManager

  constructor() {
    this.workManager = this.#boot()
    this.workManager.start()
  }

  /** SIGKILL: timers never fire again, nothing more reaches the disk. A new process then starts with the workers that `register` gives it. */
  restart<Runs>(register: () => Runs): Runs {
    this.#alive.yes = false
    this.workManager = this.#boot()
    const runs = register()
    this.workManager.start()
    return runs
  }

  /** A worker that ends each run at once with the next of these results (the last one again and again). */
  worker(name: string, ...results: WorkResult[]): SeenRun[] {
    const seen: SeenRun[] = []
    this.workManager.registerWorker(name, async (context) => {
      seen.push({ at: this.clock.now(), context, end: () => {} })
      return results[Math.min(seen.length, results.length) - 1] ?? 'success'
    })
    return seen
  }

  /** A worker whose runs last until the test ends them. */
  slowWorker(name: string): SeenRun[] {
    const seen: SeenRun[] = []
    this.workManager.registerWorker(
      name,
      (context) =>
        new Promise((end) => {
          seen.push({ at: this.clock.now(), context, end })
        }),
    )
    return seen
  }

  states(name: string): string[] {
    return this.workManager.getWorkInfos(name).map((info) => info.state)
  }

  #boot(): WorkManager {
    const alive = { yes: true }
    this.#alive = alive
    const { clock, connectivity, power } = this
    return new WorkManager({
      clock: {
        now: () => clock.now(),
        wall: () => clock.wall(),
        after: (ms, task) => clock.after(ms, () => alive.yes && task()),
      },
      database: this.#disk.open(() => alive.yes)(WORK_TABLES),
      connectivity: {
        get: () => connectivity.get(),
        onChange: (listener) => connectivity.onChange((state) => alive.yes && listener(state)),
      },
      power: {
        get: () => power.get(),
        onChange: (listener) => power.onChange((state) => alive.yes && listener(state)),
      },
    })
  }
}

export function starts(runs: readonly SeenRun[]): number[] {
  return runs.map((run) => run.at)
}
