import type { Json } from '../../harness/core/json.ts'
import type { Schema, Table, Tables } from '../../harness/core/ports/database.ts'
import type { StopReason } from './constraints.ts'
import {
  type Backoff,
  type Constraints,
  DEFAULT_BACKOFF_DELAY_MILLIS,
  MAX_BACKOFF_MILLIS,
  MIN_BACKOFF_MILLIS,
  MIN_PERIODIC_FLEX_MILLIS,
  MIN_PERIODIC_INTERVAL_MILLIS,
  type OneTimeWorkRequest,
  type PeriodicWorkRequest,
} from './request.ts'

/** https://developer.android.com/reference/androidx/work/WorkInfo.State */
export type WorkState = 'ENQUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'BLOCKED' | 'CANCELLED'

/** A piece of work, as stored. Instants and durations are scenario milliseconds. */
export type WorkSpec = {
  readonly id: number
  /** The unique name of its chain. */
  readonly name: string
  readonly worker: string
  readonly input: Json
  readonly constraints: Constraints
  readonly backoff: Backoff
  readonly initialDelay: number
  /** 0 for one-time work. */
  readonly interval: number
  /** The part at the end of each interval in which it may run; at most the whole interval. */
  readonly flex: number
  readonly state: WorkState
  /** Attempts started, including the running one. Starts at 0 in each period. */
  readonly runAttemptCount: number
  readonly periodCount: number
  readonly lastEnqueueTime: number
  /** Ids of the work that must have succeeded first. */
  readonly prerequisites: readonly number[]
  /** The reason of the last stop. */
  readonly stopReason?: StopReason
}

export type WorkTable = Table<WorkSpec>

/** Tables to add to the schema of a client that uses a WorkManager. */
export const WORK_TABLES = {
  work: { key: 'id', indexes: { name: ['name'], state: ['state'] } },
} as const satisfies Schema

export function workTable(tables: Tables): WorkTable {
  return tables.table<WorkSpec>('work')
}

export function isFinished({ state }: WorkSpec): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'
}

export const isPeriodic = (spec: WorkSpec): boolean => spec.interval > 0

/** Makes the part of a spec that comes from the request. Clamps values, as WorkManager does. */
export function specOf(request: OneTimeWorkRequest | PeriodicWorkRequest) {
  const interval =
    'repeatInterval' in request ? Math.max(request.repeatInterval, MIN_PERIODIC_INTERVAL_MILLIS) : 0
  const flex = 'repeatInterval' in request ? (request.flexInterval ?? interval) : 0
  const { policy, delay } = request.backoff ?? {
    policy: 'EXPONENTIAL',
    delay: DEFAULT_BACKOFF_DELAY_MILLIS,
  }
  return {
    worker: request.worker,
    input: request.input ?? null,
    constraints: request.constraints ?? {},
    backoff: { policy, delay: clamp(delay, MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS) },
    initialDelay: Math.max(0, request.initialDelay ?? 0),
    interval,
    flex: interval === 0 ? 0 : clamp(flex, MIN_PERIODIC_FLEX_MILLIS, interval),
  } as const
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
