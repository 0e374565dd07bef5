import type { Json } from '../../harness/core/json.ts'

const MINUTE = 60_000

/** https://developer.android.com/reference/androidx/work/WorkRequest: DEFAULT_BACKOFF_DELAY_MILLIS, MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS. */
export const DEFAULT_BACKOFF = 30_000
export const MIN_BACKOFF = 10_000
export const MAX_BACKOFF = 5 * 60 * MINUTE
/** https://developer.android.com/reference/androidx/work/PeriodicWorkRequest: MIN_PERIODIC_INTERVAL_MILLIS, MIN_PERIODIC_FLEX_MILLIS. */
export const MIN_PERIODIC_INTERVAL = 15 * MINUTE
export const MIN_PERIODIC_FLEX = 5 * MINUTE

/** https://developer.android.com/reference/androidx/work/NetworkType, as far as the connectivity port can tell the types apart. */
type NetworkType = 'NOT_REQUIRED' | 'CONNECTED' | 'UNMETERED' | 'METERED'

/** What must hold for work to run, and to go on running. https://developer.android.com/reference/androidx/work/Constraints */
export type Constraints = {
  readonly requiredNetworkType?: NetworkType
  readonly requiresCharging?: boolean
}

/** How long a retry waits: `delay` ms after the first attempt, then n times (LINEAR) or 2ⁿ⁻¹ times (EXPONENTIAL) as long after the n-th. */
export type Backoff = {
  readonly policy: 'EXPONENTIAL' | 'LINEAR'
  /** Brought into MIN_BACKOFF … MAX_BACKOFF. */
  readonly delay: number
}

/** All spans are milliseconds. https://developer.android.com/reference/androidx/work/OneTimeWorkRequest */
export interface OneTimeWorkRequest {
  /** The name it was registered under. */
  readonly worker: string
  readonly constraints?: Constraints
  /** Default: EXPONENTIAL from 30 s. */
  readonly backoff?: Backoff
  readonly initialDelay?: number
  readonly input?: Json
}

/** https://developer.android.com/reference/androidx/work/PeriodicWorkRequest */
export interface PeriodicWorkRequest extends OneTimeWorkRequest {
  /** At least 15 minutes; less is raised to that. */
  readonly repeatInterval: number
  /** It runs in the last `flexInterval` of each interval; at least 5 minutes. Default: any time in it. */
  readonly flexInterval?: number
}

/** https://developer.android.com/reference/androidx/work/ExistingWorkPolicy */
export type ExistingWorkPolicy = 'KEEP' | 'REPLACE' | 'APPEND' | 'APPEND_OR_REPLACE'
/** https://developer.android.com/reference/androidx/work/ExistingPeriodicWorkPolicy */
export type ExistingPeriodicWorkPolicy = 'KEEP' | 'UPDATE' | 'CANCEL_AND_REENQUEUE'
