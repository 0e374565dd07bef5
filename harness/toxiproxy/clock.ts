import type { Clock, Timer } from '../core/ports/clock.ts'

/** setTimeout's own limit; beyond it Node fires at once. */
const SET_TIMEOUT_MAX_MS = 0x7fff_ffff

/** Real time: monotonic milliseconds since the clock was made. */
export function realClock(): Clock {
  const origin = process.hrtime.bigint()
  const now = () => Number(process.hrtime.bigint() - origin) / 1e6
  return { now, wall: () => Date.now(), after: (ms, task) => after(now, ms, task) }
}

function after(now: () => number, ms: number, task: () => void): Timer {
  const due = now() + ms
  let cancel = () => {}
  const wait = () => {
    const left = due - now()
    if (left >= 1) {
      const timer = setTimeout(wait, Math.min(Math.floor(left), SET_TIMEOUT_MAX_MS))
      cancel = () => clearTimeout(timer)
    } else {
      // Timers know no fractions of a millisecond, and the slicer counts in microseconds.
      const turn = setImmediate(() => (due - now() > 0 ? wait() : task()))
      cancel = () => clearImmediate(turn)
    }
  }
  wait()
  return { cancel: () => cancel() }
}
