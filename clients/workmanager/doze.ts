/**
 * Doze defers all jobs to maintenance windows, which become less frequent over time.
 * https://developer.android.com/training/monitoring-device-state/doze-standby
 *
 * Our reading: the documentation names no durations, so these are the defaults of AOSP's
 * DeviceIdleController. The device is idle for 1, 2, 4 and then always 6 hours, with windows of 5
 * and then always 10 minutes in between.
 *
 * @module
 */

const MINUTE_MS = 60_000
const FIRST_IDLE_MS = 60 * MINUTE_MS
const MAX_IDLE_MS = 6 * 60 * MINUTE_MS
const FIRST_WINDOW_MS = 5 * MINUTE_MS
const MAX_WINDOW_MS = 10 * MINUTE_MS

export interface MaintenanceWindow {
  /** True if jobs may run now. */
  readonly open: boolean
  /** Milliseconds until `open` changes. */
  readonly leftMs: number
}

/**
 * Returns whether a maintenance window is open.
 *
 * @param elapsedMs milliseconds since the device began to doze
 */
export function maintenanceWindow(elapsedMs: number): MaintenanceWindow {
  let [idleMs, windowMs] = [FIRST_IDLE_MS, FIRST_WINDOW_MS]
  let edge = idleMs
  let open = false
  while (edge <= elapsedMs) {
    open = !open
    if (open) {
      edge += windowMs
      windowMs = Math.min(windowMs * 2, MAX_WINDOW_MS)
    } else {
      idleMs = Math.min(idleMs * 2, MAX_IDLE_MS)
      edge += idleMs
    }
  }
  return { open, leftMs: edge - elapsedMs }
}
