const PERIOD = 50

/**
 * Watches how late this process's timers come: what keeps one waiting keeps them all. Calls `onWorse` with each new worst, in real milliseconds.
 */
export function watchLateness(onWorse: (ms: number) => void): { stop(): void } {
  let worst = 1
  let expected = performance.now() + PERIOD
  const timer = setInterval(() => {
    const now = performance.now()
    const late = now - expected
    expected = now + PERIOD
    if (late <= worst) return
    worst = late
    onWorse(late)
  }, PERIOD)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
