import type { History } from '../../core/history.ts'

/** Returns true if the device had been started before the event `seq`, and had not died since. */
export function isRunningAt(history: History, device: string, seq: number): boolean {
  const start = history.of('start', device).findLast((event) => event.seq < seq)
  const crash = history.of('crash', device).findLast((event) => event.seq < seq)
  return start !== undefined && (!crash || crash.seq < start.seq)
}

/** Returns true if the device died and was not started again. */
export function isDead(history: History, device: string): boolean {
  const crash = history.of('crash', device).at(-1)
  const start = history.of('start', device).at(-1)
  return crash !== undefined && (!start || start.seq < crash.seq)
}
