import { MAX_BACKOFF } from './request.ts'
import { isPeriodic, type WorkSpec } from './work-spec.ts'

/**
 * The earliest instant at which enqueued work may run; constraints and Doze may hold it back longer.
 *
 * - After an attempt that asked for a retry or was stopped: the backoff, from the instant it was last enqueued, at most 5 hours
 *   (https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#retries_backoff). A retry enqueues anew, a stop
 *   does not: work that was stopped long after it was enqueued is due again at once.
 * - Periodic: one interval after the last run ended, so periods drift. The first run is immediate, or with a flex interval in the first interval's last part
 *   (https://developer.android.com/reference/androidx/work/PeriodicWorkRequest.Builder).
 *
 * The instants are those of androidx.work.impl.model.WorkSpec.calculateNextRunTime. Our reading: they are counted on the monotonic clock, as
 * JobScheduler counts, so that a wrong wall clock neither hurries nor stalls work.
 */
export function nextRunTime(spec: WorkSpec): number {
  const { backoff, lastEnqueueTime, runAttemptCount, periodCount, initialDelay, interval, flex } =
    spec
  if (runAttemptCount > 0) {
    const factor = backoff.policy === 'LINEAR' ? runAttemptCount : 2 ** (runAttemptCount - 1)
    return lastEnqueueTime + Math.min(backoff.delay * factor, MAX_BACKOFF)
  }
  if (!isPeriodic(spec)) return lastEnqueueTime + initialDelay
  if (periodCount > 0) return lastEnqueueTime + interval
  return lastEnqueueTime + initialDelay + (interval - flex)
}
