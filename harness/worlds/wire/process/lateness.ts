import { LATENESS_INTERVAL_MS } from '../timeouts.ts'

/** Lateness up to this is normal for a timer. */
const TOLERANCE_MS = 1

/**
 * Watches how late this process's timers fire: whatever delays one delays them all. Calls `onWorse`
 * with each new maximum, in real milliseconds.
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
