import type { History } from '../../core/history.ts'

/** Milliseconds from healing to reading. Undefined if the run did not get that far. */
export function healthyMs(history: History): number | undefined {
  const [settle, read] = [history.phase('settle'), history.phase('read')]
  return settle && read ? read.t - settle.t : undefined
}

/**
 * Returns true if the healthy time was at least twice the client's declared recovery time, or if
 * everything was at rest for that time once: then more of it would have changed nothing.
 */
export function hadTimeToRecover(history: History): boolean {
  if (history.phase('read')?.atRest) return true
  const span = healthyMs(history)
  return span !== undefined && span >= 2 * history.head.client.capabilities.recovery
}
