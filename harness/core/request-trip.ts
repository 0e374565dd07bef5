import type { EventOf } from './event.ts'
import type { Events } from './events.ts'
import { groupBy } from './group.ts'

/** One HTTP request from its sending to its end, joined by its name, never by time. */
export interface RequestTrip {
  readonly req: string
  readonly device: string
  readonly request: EventOf<'request'>
  /** The server had all of it. */
  readonly received?: EventOf<'serverReceived'>
  readonly responded?: EventOf<'serverResponded'>
  /** How it ended for its sender; absent when it was still under way at the end, or its sender died. */
  readonly response?: EventOf<'response'>
  /** A push's items as the server decided them. */
  readonly outcomes: readonly EventOf<'serverOutcome'>[]
}

export function joinRequests(history: Events): RequestTrip[] {
  const received = new Map(history.of('serverReceived').map((event) => [event.req, event]))
  const responded = new Map(history.of('serverResponded').map((event) => [event.req, event]))
  const responses = new Map(history.of('response').map((event) => [event.req, event]))
  const outcomes = groupBy(history.of('serverOutcome'), (event) => event.req)
  return history.of('request').map((request) => {
    const { req } = request
    const [got, answered, response] = [received.get(req), responded.get(req), responses.get(req)]
    return {
      req,
      device: request.node,
      request,
      outcomes: outcomes.get(req) ?? [],
      ...(got && { received: got }),
      ...(answered && { responded: answered }),
      ...(response && { response }),
    }
  })
}
