import type { EventOf } from './event.ts'

/** How a request ended that got no complete response. */
export type RequestFailure = Exclude<EventOf<'response'>['outcome'], 'response'>

/**
 * The one vocabulary for failed requests, in findings and reports: `label` stands alone (in a
 * table, in a diagram), `clause` is part of a sentence.
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
