import type { Json } from '../../harness/core/json.ts'
import type { Schema, Table, Tables } from '../../harness/core/ports/database.ts'
import type { StopReason } from './constraints.ts'
import {
  type Backoff,
  type Constraints,
  DEFAULT_BACKOFF,
  MAX_BACKOFF,
  MIN_BACKOFF,
  MIN_PERIODIC_FLEX,
  MIN_PERIODIC_INTERVAL,
  type OneTimeWorkRequest,
  type PeriodicWorkRequest,
} from './request.ts'

/** https://developer.android.com/reference/androidx/work/WorkInfo.State */
export type WorkState = 'ENQUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'BLOCKED' | 'CANCELLED'

/** One piece of work as it survives the process. Instants and spans are scenario milliseconds. */
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
  /** Equal to the interval: any time in it. */
  readonly flex: number
  readonly state: WorkState
  /** Attempts begun, the running one included; periodic work starts anew with each period. */
  readonly runAttemptCount: number
  readonly periodCount: number
  readonly lastEnqueueTime: number
  /** What must have succeeded first. */
  readonly prerequisites: readonly number[]
  /** Why it was stopped the last time, if it was. */
  readonly stopReason?: StopReason
}

export type WorkTable = Table<WorkSpec>

/** To be spread into the schema of the client that uses a WorkManager. */
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

/** The parts of a work spec that the request decides; values out of range are brought into it, as WorkManager does (it logs a warning). */
export function requested(request: OneTimeWorkRequest | PeriodicWorkRequest) {
  const interval =
    'repeatInterval' in request ? Math.max(request.repeatInterval, MIN_PERIODIC_INTERVAL) : 0
  const flex = 'repeatInterval' in request ? (request.flexInterval ?? interval) : 0
  const { policy, delay } = request.backoff ?? { policy: 'EXPONENTIAL', delay: DEFAULT_BACKOFF }
  return {
    worker: request.worker,
    input: request.input ?? null,
    constraints: request.constraints ?? {},
    backoff: { policy, delay: clamp(delay, MIN_BACKOFF, MAX_BACKOFF) },
    initialDelay: Math.max(0, request.initialDelay ?? 0),
    interval,
    flex: interval === 0 ? 0 : clamp(flex, MIN_PERIODIC_FLEX, interval),
  } as const
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
