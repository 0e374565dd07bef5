import type { EventOf } from './event.ts'

/** The outcome of a request that got no complete response. */
export type RequestFailure = Exclude<EventOf<'response'>['outcome'], 'response' | 'sent'>

/**
 * Returns true if a request ended without a complete response. A message has none, and needs none.
 */
export function isFailure(
  outcome: EventOf<'response'>['outcome'] | undefined,
): outcome is RequestFailure {
  return outcome !== undefined && outcome !== 'response' && outcome !== 'sent'
}

/**
 * The words for failed requests, the same in all findings and reports: `label` for tables and
 * diagrams, `clause` for use within a sentence.
 */
export const REQUEST_FAILURE_WORDS: Readonly<
  Record<RequestFailure, { readonly label: string; readonly clause: string }>
> = {
  refused: { label: 'no connection', clause: 'no connection' },
  reset: { label: 'connection broke', clause: 'the connection broke' },
  cut: { label: 'answer cut off', clause: 'the answer was cut off' },
  timeout: { label: 'timed out', clause: 'it timed out' },
  aborted: { label: 'given up', clause: 'it was given up' },
}
