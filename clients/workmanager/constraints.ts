import type { ConnectivityState, PowerState } from '../../harness/core/ports/signal.ts'
import type { Constraints } from './request.ts'

/**
 * The reason why a running worker was stopped.
 * https://developer.android.com/reference/androidx/work/WorkInfo: STOP_REASON_…
 */
export type StopReason =
  | 'CONSTRAINT_CONNECTIVITY'
  | 'CONSTRAINT_CHARGING'
  | 'DEVICE_STATE'
  | 'TIMEOUT'
  | 'CANCELLED_BY_APP'
  | 'UNKNOWN'

/** Returns the first unmet constraint, as the reason to stop running work. */
export function unmetConstraint(
  { requiredNetworkType = 'NOT_REQUIRED', requiresCharging = false }: Constraints,
  { online, metered }: ConnectivityState,
  { charging }: PowerState,
): StopReason | undefined {
  const connected = {
    NOT_REQUIRED: true,
    CONNECTED: online,
    UNMETERED: online && !metered,
    METERED: online && metered,
  }[requiredNetworkType]
  if (!connected) return 'CONSTRAINT_CONNECTIVITY'
  if (requiresCharging && !charging) return 'CONSTRAINT_CHARGING'
  return undefined
}
