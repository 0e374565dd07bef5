import type { EventOf } from './event.ts'
import type { Events } from './events.ts'
import { groupBy } from './group.ts'

/**
 * An HTTP request from its sending to its completion. Joined by the request's id, never by time.
 */
export interface RequestTrip {
  readonly requestId: string
  readonly device: string
  readonly request: EventOf<'request'>
  /** Present if the server received the whole request. */
  readonly received?: EventOf<'serverReceived'>
  readonly responded?: EventOf<'serverResponded'>
  /** The completion for the sender. Absent if the request stayed pending or the sender died. */
  readonly response?: EventOf<'response'>
  /** The server's decisions on the items of a push. */
  readonly outcomes: readonly EventOf<'serverOutcome'>[]
  /** The acts of the gateway on the request, by faults of the scenario. */
  readonly interceptions: readonly EventOf<'intercepted'>[]
}

/** Joins all requests, in the order of sending. */
export function joinRequests(history: Events): RequestTrip[] {
  const received = new Map(history.of('serverReceived').map((event) => [event.requestId, event]))
  const responded = new Map(history.of('serverResponded').map((event) => [event.requestId, event]))
  const responses = new Map(history.of('response').map((event) => [event.requestId, event]))
  const outcomes = groupBy(history.of('serverOutcome'), (event) => event.requestId)
  const interceptions = groupBy(history.of('intercepted'), (event) => event.requestId)
  return history.of('request').map((request) => {
    const { requestId } = request
    const serverReceived = received.get(requestId)
    const serverResponded = responded.get(requestId)
    const response = responses.get(requestId)
    return {
      requestId,
      device: request.node,
      request,
      outcomes: outcomes.get(requestId) ?? [],
      interceptions: interceptions.get(requestId) ?? [],
      ...(serverReceived && { received: serverReceived }),
      ...(serverResponded && { responded: serverResponded }),
      ...(response && { response }),
    }
  })
}
