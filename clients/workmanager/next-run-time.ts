import { MAX_BACKOFF_MILLIS } from './request.ts'
import { isPeriodic, type WorkSpec } from './work-spec.ts'

/**
 * Returns the earliest instant at which enqueued work may run. Constraints and Doze may defer it
 * further. The rules are those of androidx.work.impl.model.WorkSpec.calculateNextRunTime:
 *
 * - After an attempt that returned retry or was stopped: the backoff after the last enqueue time,
 *   at most 5 hours. A retry sets the enqueue time, a stop does not: work stopped long after it was
 *   enqueued is due at once.
 *   https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#retries_backoff
 * - Periodic: one interval after the end of the last run, so periods drift. The first run is
 *   immediate, or with a flex interval at the end of the first interval.
 *   https://developer.android.com/reference/androidx/work/PeriodicWorkRequest.Builder
 *
 * Our reading: instants are on the monotonic clock, as JobScheduler's are, so that a wrong wall
 * clock neither hurries nor delays work.
 */
export function nextRunTime(spec: WorkSpec): number {
  const { backoff, lastEnqueueTime, runAttemptCount, periodCount, initialDelay, interval, flex } =
    spec
  if (runAttemptCount > 0) {
    const factor = backoff.policy === 'LINEAR' ? runAttemptCount : 2 ** (runAttemptCount - 1)
    return lastEnqueueTime + Math.min(backoff.delay * factor, MAX_BACKOFF_MILLIS)
  }
  if (!isPeriodic(spec)) return lastEnqueueTime + initialDelay
  if (periodCount > 0) return lastEnqueueTime + interval
  return lastEnqueueTime + initialDelay + (interval - flex)
}
