import type { Json } from '../../harness/core/json.ts'
import type { Abort } from '../../harness/core/ports/http.ts'

/** https://developer.android.com/reference/androidx/work/ListenableWorker.Result */
export type WorkResult = 'success' | 'failure' | 'retry'

/** Does the work. An exception counts as failure. */
export type Worker = (context: WorkerContext) => Promise<WorkResult>

/**
 * The parameters of a run, and its stop signal.
 * https://developer.android.com/reference/androidx/work/WorkerParameters, ListenableWorker
 */
export interface WorkerContext {
  readonly id: number
  readonly input: Json
  /** Attempts before this one in this period; 0 for the first. */
  readonly runAttemptCount: number
  /** True once the work was stopped or cancelled. Its result is then ignored. */
  readonly stopped: boolean
  onStopped(listener: () => void): void
  /** The same signal for the Http port: stopping a coroutine worker cancels its calls. */
  readonly stopSignal: Abort
}

/** A run of a worker. */
export class Run implements WorkerContext, Abort {
  readonly id: number
  readonly input: Json
  readonly runAttemptCount: number
  readonly stopSignal: Abort = this
  readonly #listeners: (() => void)[] = []
  #stopped = false

  constructor({
    id,
    input,
    runAttemptCount,
  }: { id: number; input: Json; runAttemptCount: number }) {
    this.id = id
    this.input = input
    this.runAttemptCount = runAttemptCount
  }

  get stopped(): boolean {
    return this.#stopped
  }

  get aborted(): boolean {
    return this.#stopped
  }

  onStopped(listener: () => void): void {
    this.#listeners.push(listener)
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.onStopped(listener)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    for (const listener of this.#listeners) listener()
  }
}
