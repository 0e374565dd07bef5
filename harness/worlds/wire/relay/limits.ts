import type { EventBody } from '../../../core/event.ts'

/** In bytes: more than any phone has in requests at a time. */
export const BYTES_MAX = 256 * 1024 * 1024
/** The connections that a sender has at a time. */
export const CONNECTIONS_MAX = 1000
/** The requests of one connection that wait for a response. While there are more, none is read. */
export const WAITING_MAX = 16
/** A single read may bring more. A connection with so many breaks. */
export const WAITING_BREAK = 64

/** A limit of a relay that a sender has exceeded: its connection was broken. */
export type RelayLimit = 'bytes' | 'connections' | 'requests'

/**
 * Returns the event that records it. A request that only tunnelproof refuses makes the run
 * undecided. Connections and requests without number are the app's own fault, and enough of them
 * are recorded to judge it.
 */
export function limitEvent(limit: RelayLimit): EventBody {
  if (limit === 'bytes')
    return {
      type: 'invalid',
      what: 'a request',
      received: 'more',
      expected: `at most ${BYTES_MAX / 1024 / 1024} MB in all requests at a time`,
    }
  const message =
    limit === 'connections'
      ? `the app had ${CONNECTIONS_MAX} connections: further ones were refused`
      : `the app sent ${WAITING_BREAK} requests without a response: their connection was broken`
  return { type: 'error', message }
}
