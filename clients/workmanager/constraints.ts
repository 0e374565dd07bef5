import type { ConnectivityState, PowerState } from '../../harness/core/ports/signal.ts'
import type { Constraints } from './request.ts'

/** Why a running worker was stopped. https://developer.android.com/reference/androidx/work/WorkInfo: STOP_REASON_… */
export type StopReason =
  | 'CONSTRAINT_CONNECTIVITY'
  | 'CONSTRAINT_CHARGING'
  | 'DEVICE_STATE'
  | 'TIMEOUT'
  | 'CANCELLED_BY_APP'
  | 'UNKNOWN'

/** The first constraint that does not hold, as the reason for which running work would be stopped. */
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
