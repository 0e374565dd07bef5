import type { Clock, Timer } from '../../harness/core/ports/clock.ts'
import type { Database } from '../../harness/core/ports/database.ts'
import type { ConnectivityState, PowerState, Signal } from '../../harness/core/ports/signal.ts'
import { cancel, fail, succeed } from './chain.ts'
import { type StopReason, unmetConstraint } from './constraints.ts'
import { type MaintenanceWindow, maintenanceWindow } from './doze.ts'
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

/**
 * The longest run of a worker.
 * https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/long-running
 */
const EXECUTION_LIMIT_MS = 10 * 60_000

export interface WorkManagerPorts {
  readonly clock: Clock
  /** Its schema must contain WORK_TABLES. */
  readonly database: Database
  readonly connectivity: Signal<ConnectivityState>
  readonly power: Signal<PowerState>
  /**
   * Milliseconds until WorkManager's own thread has committed a change. Default: 0, which is still
   * after the caller's turn.
   */
  readonly commitDelayMs?: number
}

/** https://developer.android.com/reference/androidx/work/WorkInfo */
export interface WorkInfo {
  readonly id: number
  readonly state: WorkState
  readonly runAttemptCount: number
  /** The earliest instant of its next run. Absent unless it is enqueued. */
  readonly nextScheduleTime?: number
  readonly stopReason?: StopReason
}

/**
 * Android's WorkManager on ports: unique work, constraints, backoff, periods, the execution limit
 * and Doze, all of which survive the death of the process. Calls that change work resolve once the
 * change is committed, after the caller's turn (Android's `Operation`): if the process dies right
 * after such a call, nothing was enqueued.
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

  /**
   * Registers a worker. Work that is due without a registered worker fails, as when WorkManager
   * cannot instantiate the worker's class.
   */
  registerWorker(name: string, worker: Worker): void {
    this.#workers.set(name, worker)
  }

  /** `onKept` is ours, Android says nothing: called with the unfinished work if KEEP drops this. */
  enqueueUniqueWork(
    name: string,
    policy: ExistingWorkPolicy,
    request: OneTimeWorkRequest,
    onKept?: (unfinished: Pick<WorkSpec, 'worker' | 'state'>) => void,
  ): Promise<void> {
    return this.#change((table, now) => enqueueOneTime(table, name, policy, request, now, onKept))
  }

  enqueueUniquePeriodicWork(
    name: string,
    policy: ExistingPeriodicWorkPolicy,
    request: PeriodicWorkRequest,
  ): Promise<void> {
    return this.#change((table, now) => enqueuePeriodic(table, name, policy, request, now))
  }

  /** Cancels the unfinished work of this name and stops the running worker. */
  cancelUniqueWork(name: string): Promise<void> {
    return this.#change((table) => cancel(table, table.by('name', { prefix: name })))
  }

  /** Returns the work of this name, oldest first; empty for an unknown name. */
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
   * Starts scheduling, at boot. Enqueues the work that was running when the process died. Its
   * attempt counts, so it waits for its backoff (androidx.work.impl.utils.ForceStopRunnable).
   */
  start(): void {
    if (this.#phase !== 'new') return
    this.#phase = 'started'
    const { connectivity, power } = this.#ports
    this.#write((table) => {
      for (const spec of table.by('state', { prefix: 'RUNNING' }))
        table.put({ ...spec, state: 'ENQUEUED', stopReason: 'UNKNOWN' })
    })
    this.#trackDoze()
    this.#unsubscribe = [
      connectivity.onChange(() => this.#reschedule()),
      power.onChange(() => {
        this.#trackDoze()
        this.#reschedule()
      }),
    ]
    this.#reschedule()
  }

  /** Stops all workers and cancels the timers. The work stays enqueued for the next start. */
  stop(): void {
    if (this.#phase === 'stopped') return
    for (const id of [...this.#runs.keys()]) this.#stopRun(id, 'UNKNOWN')
    this.#phase = 'stopped'
    this.#wakeup?.cancel()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  /** Makes a change as if on WorkManager's thread: after the caller's turn, in call order. */
  #change(work: (table: WorkTable, now: number) => readonly number[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ports.clock.after(this.#ports.commitDelayMs ?? 0, () => {
        if (this.#phase === 'stopped') return
        try {
          const cancelled = this.#write((table) => work(table, this.#ports.clock.now()))
          for (const id of cancelled) this.#endRun(id)?.stop()
          this.#reschedule()
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

  /** Notes when Doze began. Doze that began before start() is counted from start(). */
  #trackDoze(): void {
    const { dozing } = this.#ports.power.get()
    this.#dozingSince = dozing ? (this.#dozingSince ?? this.#ports.clock.now()) : undefined
  }

  /** Stops and starts workers as constraints, Doze and time require; sets the next wake-up. */
  #reschedule(): void {
    if (this.#phase !== 'started') return
    const now = this.#ports.clock.now()
    const doze =
      this.#dozingSince === undefined ? undefined : maintenanceWindow(now - this.#dozingSince)
    const { running, enqueued } = this.#activeWork()
    const wakeTimes = doze ? [now + doze.leftMs] : []
    for (const spec of running) {
      const reason = this.#obstacle(spec, doze)
      if (reason) wakeTimes.push(this.#stopRun(spec.id, reason))
    }
    for (const spec of enqueued) {
      const due = nextRunTime(spec)
      if (due > now) wakeTimes.push(due)
      else if (!this.#obstacle(spec, doze)) this.#startRun(spec)
    }
    this.#wakeUpAt(Math.min(...wakeTimes))
  }

  #activeWork(): { readonly running: WorkSpec[]; readonly enqueued: WorkSpec[] } {
    return this.#ports.database.read((tables) => {
      const table = workTable(tables)
      return {
        running: table.by('state', { prefix: 'RUNNING' }),
        enqueued: table.by('state', { prefix: 'ENQUEUED' }),
      }
    })
  }

  /** Returns the reason why work must not run now; undefined if it may. */
  #obstacle(spec: WorkSpec, doze: MaintenanceWindow | undefined): StopReason | undefined {
    if (doze && !doze.open) return 'DEVICE_STATE'
    const { connectivity, power } = this.#ports
    return unmetConstraint(spec.constraints, connectivity.get(), power.get())
  }

  /** Sets the next wake-up, which replaces the former one. Infinity sets none. */
  #wakeUpAt(instant: number): void {
    const { clock } = this.#ports
    this.#wakeup?.cancel()
    this.#wakeup = Number.isFinite(instant)
      ? clock.after(instant - clock.now(), () => this.#reschedule())
      : undefined
  }

  #startRun(spec: WorkSpec): void {
    const run = new Run(spec)
    const { stopReason: _, ...rest } = spec
    this.#write((table) =>
      table.put({ ...rest, state: 'RUNNING', runAttemptCount: spec.runAttemptCount + 1 }),
    )
    const limit = this.#ports.clock.after(EXECUTION_LIMIT_MS, () => {
      this.#stopRun(spec.id, 'TIMEOUT')
      this.#reschedule()
    })
    this.#runs.set(spec.id, { run, limit })
    void this.#work(spec.worker, run)
  }

  async #work(name: string, run: Run): Promise<void> {
    let result: WorkResult
    try {
      result = (await this.#workers.get(name)?.(run)) ?? 'failure'
    } catch {
      // WorkManager does the same: androidx.work.impl.WorkerWrapper.
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
        // Periodic work never finishes without a cancellation, even after a failure.
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
    this.#reschedule()
  }

  /** Enqueues running work again, keeping its enqueue time. Returns its next run time. */
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
    const entry = this.#runs.get(id)
    entry?.limit.cancel()
    this.#runs.delete(id)
    return entry?.run
  }
}
