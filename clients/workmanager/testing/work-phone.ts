import type { Client, ClientPorts } from '../../../harness/core/client.ts'
import type { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import { Phone } from '../../../harness/testing/phone.ts'
import { WORK_TABLES } from '../work-spec.ts'
import type { WorkerContext, WorkResult } from '../worker.ts'
import { WorkManager } from '../workmanager.ts'

/** A run of a worker, observed by a test. */
export interface ObservedRun {
  readonly at: number
  readonly context: WorkerContext
  end(result: WorkResult): void
}

/** A phone whose only app is a WorkManager with the workers that the test registers. */
export class WorkPhone {
  workManager!: WorkManager
  readonly #phone = new Phone({ create: (ports) => this.#createApp(ports) })
  #register = () => {}

  constructor() {
    void this.#phone.start()
  }

  get clock(): VirtualClock {
    return this.#phone.clock
  }

  get connectivity(): Phone['connectivity'] {
    return this.#phone.connectivity
  }

  get power(): Phone['power'] {
    return this.#phone.power
  }

  /** Kills the app and starts it again with the workers that `register` registers. */
  restart<Runs>(register: () => Runs): Runs {
    let runs: Runs | undefined
    this.#register = () => {
      runs = register()
    }
    void this.#phone.restart()
    return runs as Runs
  }

  /** Registers a worker that returns these results in turn, then repeats the last one. */
  worker(name: string, ...results: WorkResult[]): ObservedRun[] {
    const runs: ObservedRun[] = []
    this.workManager.registerWorker(name, async (context) => {
      runs.push({ at: this.clock.now(), context, end: () => {} })
      return results[Math.min(runs.length, results.length) - 1] ?? 'success'
    })
    return runs
  }

  /** Registers a worker whose runs last until the test ends them. */
  slowWorker(name: string): ObservedRun[] {
    const runs: ObservedRun[] = []
    this.workManager.registerWorker(
      name,
      (context) =>
        new Promise((end) => {
          runs.push({ at: this.clock.now(), context, end })
        }),
    )
    return runs
  }

  states(name: string): string[] {
    return this.workManager.getWorkInfos(name).map((info) => info.state)
  }

  #createApp({ clock, database, connectivity, power }: ClientPorts): Client {
    const manager = new WorkManager({
      clock,
      database: database(WORK_TABLES),
      connectivity,
      power,
    })
    this.workManager = manager
    this.#register()
    return {
      start: () => manager.start(),
      stop: () => manager.stop(),
      perform: () => ({ saved: Promise.resolve({ refused: 'this app has no actions' }) }),
      view: () => ({ rows: [] }),
    }
  }
}

/** Returns the instants at which the runs began. */
export function startsOf(runs: readonly ObservedRun[]): number[] {
  return runs.map((run) => run.at)
}
