const MINUTE = 60_000

const FIRST_IDLE = 60 * MINUTE
const LONGEST_IDLE = 6 * 60 * MINUTE
const FIRST_WINDOW = 5 * MINUTE
const LONGEST_WINDOW = 10 * MINUTE

/**
 * Doze holds all jobs back but for maintenance windows, which come less and less often
 * (https://developer.android.com/training/monitoring-device-state/doze-standby). The documentation names no spans; these are the defaults of AOSP's
 * DeviceIdleController: idle for 1, 2, 4, then always 6 hours, with windows of 5, then always 10 minutes between.
 *
 * @param elapsed milliseconds since the device began to doze
 * @returns whether a window is open, and how many milliseconds until that changes
 */
export function maintenanceWindow(elapsed: number): {
  readonly open: boolean
  readonly left: number
} {
  let [idle, window] = [FIRST_IDLE, FIRST_WINDOW]
  let edge = idle
  let open = false
  while (edge <= elapsed) {
    open = !open
    if (open) {
      edge += window
      window = Math.min(window * 2, LONGEST_WINDOW)
    } else {
      idle = Math.min(idle * 2, LONGEST_IDLE)
      edge += idle
    }
  }
  return { open, left: edge - elapsed }
}
