import type { Event } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { REQUEST_FAILURE_WORDS } from '../../core/request-failure.ts'
import { spanText } from '../../core/time.ts'

/** "at 4.2 s". */
export const when = (event: { readonly t: number }) => `at ${spanText(event.t)}`

/** "once", "twice", "3 times". */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

/** "never tried to send it", "tried once (no connection, at 12 s)". */
export function attempts({ requests }: Operation): string {
  const last = requests.at(-1)
  if (!last) return 'never tried to send it'
  const { response, request } = last
  const ended = !response
    ? 'no answer came'
    : response.outcome === 'response'
      ? `answered ${response.status}`
      : REQUEST_FAILURE_WORDS[response.outcome].clause
  return `tried ${times(requests.length)} (${requests.length > 1 ? 'last: ' : ''}${ended}, ${when(response ?? request)})`
}

/** The `seq` of these events, in order, each once; what is not there is left out. */
export function evidence(
  ...events: readonly (Event | { readonly seq: number } | undefined)[]
): number[] {
  const seqs = new Set(events.flatMap((event) => (event ? [event.seq] : [])))
  return [...seqs].sort((a, b) => a - b)
}

/** The promised time of health has passed between the healing and the reading; undefined when the run never got that far. */
export function healthySpan(history: History): number | undefined {
  const [settle, read] = [history.phase('settle'), history.phase('read')]
  return settle && read ? read.t - settle.t : undefined
}

/** Long enough for the client to be held to its bound: twice its declared recovery. */
export function hadTimeToRecover(history: History): boolean {
  const span = healthySpan(history)
  return span !== undefined && span >= 2 * history.head.client.capabilities.recovery
}
