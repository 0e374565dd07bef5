import type { History } from '../../core/history.ts'

/** Returns true if the device died and was not started again. */
export function isDead(history: History, device: string): boolean {
  const crash = history.of('crash', device).at(-1)
  const start = history.of('start', device).at(-1)
  return crash !== undefined && (!start || start.seq < crash.seq)
}
