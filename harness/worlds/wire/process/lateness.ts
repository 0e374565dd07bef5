import { LATENESS_INTERVAL_MS } from '../timeouts.ts'

/** A timer is normally up to this late. */
const TOLERANCE_MS = 1

/**
 * Measures how late a timer of this process fires: what delays one timer delays all. Calls
 * `onWorse` with each new maximum, in real milliseconds.
 */
export function watchLateness(onWorse: (ms: number) => void): { stop(): void } {
  let worst = TOLERANCE_MS
  let expected = performance.now() + LATENESS_INTERVAL_MS
  const timer = setInterval(() => {
    const now = performance.now()
    const lateness = now - expected
    expected = now + LATENESS_INTERVAL_MS
    if (lateness <= worst) return
    worst = lateness
    onWorse(lateness)
  }, LATENESS_INTERVAL_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
