/**
 * Work requests, with the names and limits of androidx.work. All durations are milliseconds.
 *
 * @module
 */
import type { Json } from '../../harness/core/json.ts'

const MINUTE_MS = 60_000

/** https://developer.android.com/reference/androidx/work/WorkRequest */
export const DEFAULT_BACKOFF_DELAY_MILLIS = 30_000
export const MIN_BACKOFF_MILLIS = 10_000
export const MAX_BACKOFF_MILLIS = 5 * 60 * MINUTE_MS
/** https://developer.android.com/reference/androidx/work/PeriodicWorkRequest */
export const MIN_PERIODIC_INTERVAL_MILLIS = 15 * MINUTE_MS
export const MIN_PERIODIC_FLEX_MILLIS = 5 * MINUTE_MS

/**
 * The network types that the connectivity port can distinguish.
 * https://developer.android.com/reference/androidx/work/NetworkType
 */
type NetworkType = 'NOT_REQUIRED' | 'CONNECTED' | 'UNMETERED' | 'METERED'

/**
 * Conditions for work to start and to go on running.
 * https://developer.android.com/reference/androidx/work/Constraints
 */
export type Constraints = {
  readonly requiredNetworkType?: NetworkType
  readonly requiresCharging?: boolean
}

/** The wait before the n-th retry: `delay` times n (LINEAR) or times 2ⁿ⁻¹ (EXPONENTIAL). */
export type Backoff = {
  readonly policy: 'EXPONENTIAL' | 'LINEAR'
  /** Clamped to MIN_BACKOFF_MILLIS … MAX_BACKOFF_MILLIS. */
  readonly delay: number
}

/** https://developer.android.com/reference/androidx/work/OneTimeWorkRequest */
export interface OneTimeWorkRequest {
  /** The name that the worker was registered with. */
  readonly worker: string
  readonly constraints?: Constraints
  /** Default: EXPONENTIAL from 30 s. */
  readonly backoff?: Backoff
  readonly initialDelay?: number
  readonly input?: Json
}

/** https://developer.android.com/reference/androidx/work/PeriodicWorkRequest */
export interface PeriodicWorkRequest extends OneTimeWorkRequest {
  /** At least 15 minutes; shorter intervals are raised. */
  readonly repeatInterval: number
  /**
   * The part at the end of each interval in which the work runs. At least 5 minutes. Default: all.
   */
  readonly flexInterval?: number
}

/** https://developer.android.com/reference/androidx/work/ExistingWorkPolicy */
export type ExistingWorkPolicy = 'KEEP' | 'REPLACE' | 'APPEND' | 'APPEND_OR_REPLACE'
/** https://developer.android.com/reference/androidx/work/ExistingPeriodicWorkPolicy */
export type ExistingPeriodicWorkPolicy = 'KEEP' | 'UPDATE' | 'CANCEL_AND_REENQUEUE'
