import type { Clock, Timer } from '../../harness/core/ports/clock.ts'
import type { Database } from '../../harness/core/ports/database.ts'
import type { ConnectivityState, PowerState, Signal } from '../../harness/core/ports/signal.ts'
import { cancel, fail, succeed } from './chain.ts'
import { type StopReason, unmetConstraint } from './constraints.ts'
import { maintenanceWindow } from './doze.ts'
import { nextRunTime } from './next-run-time.ts'
import type {
  ExistingPeriodicWorkPolicy,
  ExistingWorkPolicy,
  OneTimeWorkRequest,
  PeriodicWorkRequest,
} from './request.ts'
import { enqueueOneTime, enqueuePeriodic } from './unique-work.ts'
import {
  isPeriodic,
  type WorkSpec,
  type WorkState,
  type WorkTable,
  workTable,
} from './work-spec.ts'
import { Run, type Worker, type WorkResult } from './worker.ts'

/** How long a worker may run. https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/long-running */
const EXECUTION_LIMIT = 10 * 60_000

export interface WorkManagerPorts {
  readonly clock: Clock
  /** Opened with a schema that holds WORK_TABLES. */
  readonly database: Database
  readonly connectivity: Signal<ConnectivityState>
  readonly power: Signal<PowerState>
  /** Milliseconds until WorkManager's own thread has committed a change; default 0, and even then after the caller's turn. */
  readonly commitTakes?: number
}

/** https://developer.android.com/reference/androidx/work/WorkInfo */
export interface WorkInfo {
  readonly id: number
  readonly state: WorkState
  readonly runAttemptCount: number
  /** The earliest instant it may run at; absent when it is not enqueued. */
  readonly nextScheduleTime?: number
  readonly stopReason?: StopReason
}

/**
 * Android's WorkManager on ports: unique work, constraints, backoff, periods, the execution limit, Doze, and all of that through the death of the
 * process. Calls that change work resolve once the change is committed, which happens after the caller's turn (Android's `Operation`): a process that
 * dies right after such a call has enqueued nothing.
 * https://developer.android.com/develop/background-work/background-tasks/persistent
 */
export class WorkManager {
  readonly #ports: WorkManagerPorts
  readonly #workers = new Map<string, Worker>()
  readonly #runs = new Map<number, { readonly run: Run; readonly limit: Timer }>()
  #phase: 'new' | 'started' | 'stopped' = 'new'
  #wakeup: Timer | undefined
  #dozingSince: number | undefined
  #unsubscribe: readonly (() => void)[] = []

  constructor(ports: WorkManagerPorts) {
    this.#ports = ports
  }

  /** Work whose worker is not registered when its turn comes has failed, as when WorkManager cannot make a worker's class. */
  registerWorker(name: string, worker: Worker): void {
    this.#workers.set(name, worker)
  }

  enqueueUniqueWork(
    name: string,
    policy: ExistingWorkPolicy,
    request: OneTimeWorkRequest,
  ): Promise<void> {
    return this.#change((table, now) => enqueueOneTime(table, name, policy, request, now))
  }

  enqueueUniquePeriodicWork(
    name: string,
    policy: ExistingPeriodicWorkPolicy,
    request: PeriodicWorkRequest,
  ): Promise<void> {
    return this.#change((table, now) => enqueuePeriodic(table, name, policy, request, now))
  }

  /** Unfinished work of this name, and what depends on it, will not run any more; what runs is stopped. */
  cancelUniqueWork(name: string): Promise<void> {
    return this.#change((table) => cancel(table, table.by('name', { prefix: name })))
  }

  /** The chain of this name, oldest first; empty for a name never used. */
  getWorkInfos(name: string): WorkInfo[] {
    const chain = this.#ports.database.read((tables) =>
      workTable(tables).by('name', { prefix: name }),
    )
    return chain.map((spec) => ({
      id: spec.id,
      state: spec.state,
      runAttemptCount: spec.runAttemptCount,
      ...(spec.state === 'ENQUEUED' && { nextScheduleTime: nextRunTime(spec) }),
      ...(spec.stopReason !== undefined && { stopReason: spec.stopReason }),
    }))
  }

  /**
   * At boot. What was running when the process died is enqueued again, its attempt counted: it waits for its backoff like any other
   * (androidx.work.impl.utils.ForceStopRunnable).
   */
  start(): void {
    if (this.#phase !== 'new') return
    this.#phase = 'started'
    const { connectivity, power } = this.#ports
    this.#write((table) => {
      for (const spec of table.by('state', { prefix: 'RUNNING' }))
        table.put({ ...spec, state: 'ENQUEUED', stopReason: 'UNKNOWN' })
    })
    this.#noticeDoze()
    this.#unsubscribe = [
      connectivity.onChange(() => this.#reconsider()),
      power.onChange(() => {
        this.#noticeDoze()
        this.#reconsider()
      }),
    ]
    this.#reconsider()
  }

  /** Stops all workers and lets go of timers. Their work stays enqueued for the next start. */
  stop(): void {
    if (this.#phase === 'stopped') return
    for (const id of [...this.#runs.keys()]) this.#stopRun(id, 'UNKNOWN')
    this.#phase = 'stopped'
    this.#wakeup?.cancel()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  /** Carries a change out on WorkManager's own thread, so to speak: after the caller's turn, in the order of the calls. */
  #change(work: (table: WorkTable, now: number) => readonly number[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ports.clock.after(this.#ports.commitTakes ?? 0, () => {
        if (this.#phase === 'stopped') return
        try {
          const cancelled = this.#write((table) => work(table, this.#ports.clock.now()))
          for (const id of cancelled) this.#endRun(id)?.stop()
          this.#reconsider()
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  #write<Result>(work: (table: WorkTable) => Result): Result {
    return this.#ports.database.transaction((tables) => work(workTable(tables)))
  }

  /** Doze that began before we did is counted from our start: nobody tells its age. */
  #noticeDoze(): void {
    const { dozing } = this.#ports.power.get()
    this.#dozingSince = dozing ? (this.#dozingSince ?? this.#ports.clock.now()) : undefined
  }

  /** Stops what may not go on, starts what may, and wakes up when time alone will change that. */
  #reconsider(): void {
    if (this.#phase !== 'started') return
    const { clock, connectivity, power, database } = this.#ports
    const now = clock.now()
    const doze =
      this.#dozingSince === undefined ? undefined : maintenanceWindow(now - this.#dozingSince)
    const obstacle = (spec: WorkSpec): StopReason | undefined =>
      doze && !doze.open
        ? 'DEVICE_STATE'
        : unmetConstraint(spec.constraints, connectivity.get(), power.get())

    const { running, enqueued } = database.read((tables) => {
      const table = workTable(tables)
      return {
        running: table.by('state', { prefix: 'RUNNING' }),
        enqueued: table.by('state', { prefix: 'ENQUEUED' }),
      }
    })
    let wakeAt = doze ? now + doze.left : Number.POSITIVE_INFINITY
    for (const spec of running) {
      const reason = obstacle(spec)
      if (reason) wakeAt = Math.min(wakeAt, this.#stopRun(spec.id, reason))
    }
    for (const spec of enqueued) {
      const due = nextRunTime(spec)
      if (due > now) wakeAt = Math.min(wakeAt, due)
      else if (!obstacle(spec)) this.#startRun(spec)
    }
    this.#wakeup?.cancel()
    this.#wakeup =
      wakeAt === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(wakeAt - now, () => this.#reconsider())
  }

  #startRun(spec: WorkSpec): void {
    const run = new Run(spec)
    const { stopReason: _, ...rest } = spec
    this.#write((table) =>
      table.put({ ...rest, state: 'RUNNING', runAttemptCount: spec.runAttemptCount + 1 }),
    )
    const limit = this.#ports.clock.after(EXECUTION_LIMIT, () => {
      this.#stopRun(spec.id, 'TIMEOUT')
      this.#reconsider()
    })
    this.#runs.set(spec.id, { run, limit })
    void this.#work(spec.worker, run)
  }

  async #work(name: string, run: Run): Promise<void> {
    let result: WorkResult
    try {
      result = (await this.#workers.get(name)?.(run)) ?? 'failure'
    } catch {
      // androidx.work.impl.WorkerWrapper takes an exception for a failure.
      result = 'failure'
    }
    if (this.#runs.get(run.id)?.run === run) this.#finish(run.id, result)
  }

  #finish(id: number, result: WorkResult): void {
    this.#endRun(id)
    const now = this.#ports.clock.now()
    this.#write((table) => {
      const spec = table.get(id)
      if (spec?.state !== 'RUNNING') return
      if (result === 'retry') table.put({ ...spec, state: 'ENQUEUED', lastEnqueueTime: now })
      else if (isPeriodic(spec)) {
        // Periodic work never ends by itself, not by a failure either.
        table.put({
          ...spec,
          state: 'ENQUEUED',
          lastEnqueueTime: now,
          runAttemptCount: 0,
          periodCount: spec.periodCount + 1,
        })
      } else if (result === 'success') succeed(table, spec, now)
      else fail(table, spec)
    })
    this.#reconsider()
  }

  /** The work is enqueued again, from when it was enqueued before. Returns when it may run next. */
  #stopRun(id: number, stopReason: StopReason): number {
    const run = this.#endRun(id)
    const next = this.#write((table) => {
      const spec = table.get(id)
      if (spec?.state !== 'RUNNING') return Number.POSITIVE_INFINITY
      table.put({ ...spec, state: 'ENQUEUED', stopReason })
      return nextRunTime(spec)
    })
    run?.stop()
    return next
  }

  #endRun(id: number): Run | undefined {
    const found = this.#runs.get(id)
    found?.limit.cancel()
    this.#runs.delete(id)
    return found?.run
  }
}
