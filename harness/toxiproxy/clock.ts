import type { Clock, Timer } from '../core/ports/clock.ts'

/** The longest delay that setTimeout accepts; it fires at once for a longer one. */
const SET_TIMEOUT_MAX_MS = 0x7fff_ffff

/** Returns a clock of real time: monotonic milliseconds since its creation. */
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
      // setTimeout has no fractions of a millisecond, but the slicer's delay is in microseconds.
      const turn = setImmediate(() => (due - now() > 0 ? wait() : task()))
      cancel = () => clearImmediate(turn)
    }
  }
  wait()
  return { cancel: () => cancel() }
}
