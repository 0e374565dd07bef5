import type { EventBody } from './event.ts'
import type { MessageDetails } from './message-details.ts'
import type { RequestEvent } from './request-event.ts'
import type { ResponseEvent } from './response-event.ts'
import { isSuccessStatus } from './success-status.ts'

/** A request, or a response to it, as far as its sender may repeat it. */
interface Exchange {
  readonly method: string
  readonly path: string
}

/**
 * Leaves out the headers and the body of one sender's requests and responses if they are the same
 * as the last ones of the same method and path: a client polls thousands of times, and nothing
 * changes. A response that is no success always keeps them. {@link resolveDetails} restores what
 * was left out.
 */
export class RepeatedDetails {
  readonly #requests = new Map<string, MessageDetails>()
  readonly #responses = new Map<string, MessageDetails>()

  request(event: RequestEvent): RequestEvent {
    return withoutRepeated(event, this.#requests, keyOf(event), true)
  }

  /** `exchange`: the request that the response belongs to, as it was recorded. */
  response(event: ResponseEvent, exchange: Exchange): ResponseEvent {
    return withoutRepeated(event, this.#responses, keyOf(exchange), isSuccessStatus(event.status))
  }
}

function withoutRepeated<Event extends MessageDetails>(
  event: Event,
  known: Map<string, MessageDetails>,
  key: string,
  mayLeaveOut: boolean,
): Event {
  const before = known.get(key)
  known.set(key, event)
  if (!before) return event
  if (mayLeaveOut && isSame(before, event)) {
    const { headers: _headers, body: _body, ...rest } = event
    return rest as Event
  }
  // Otherwise the absence would mean a repetition.
  const isEmpty = event.headers === undefined && event.body === undefined
  return isEmpty ? { ...event, headers: {} } : event
}

function isSame(a: MessageDetails, b: MessageDetails): boolean {
  if (a.body !== b.body) return false
  const [some = {}, others = {}] = [a.headers, b.headers]
  let count = 0
  for (const name in some) {
    if (some[name] !== others[name]) return false
    count++
  }
  return count === Object.keys(others).length
}

const keyOf = ({ method, path }: Exchange) => `${method} ${path}`

type RecordedEvent = EventBody & { readonly seq: number; readonly node: string }

/** Returns the headers and the body of each request and response, by the `seq` of its event. */
export function resolveDetails(
  events: readonly RecordedEvent[],
): ReadonlyMap<number, MessageDetails> {
  const exchanges = new Map<string, string>()
  const lastOfNode = new Map<string, Map<string, MessageDetails>>()
  const resolved = new Map<number, MessageDetails>()
  for (const event of events) {
    const { node } = event
    if (event.type === 'request') exchanges.set(event.requestId, keyOf(event))
    // Each incarnation leaves out what it has sent before itself.
    else if (event.type === 'start') lastOfNode.delete(node)
    if (event.type !== 'request' && event.type !== 'response') continue
    if (event.type === 'response' && event.outcome !== 'response') continue
    const key = `${event.type} ${exchanges.get(event.requestId)}`
    const last = lastOfNode.get(node) ?? new Map<string, MessageDetails>()
    lastOfNode.set(node, last)
    const isRecorded = event.headers !== undefined || event.body !== undefined
    const mayBeLeftOut = event.type === 'request' || isSuccessStatus(event.status)
    const details = isRecorded || !mayBeLeftOut ? present(event) : (last.get(key) ?? {})
    last.set(key, details)
    resolved.set(event.seq, details)
  }
  return resolved
}

const present = ({ headers = {}, body }: MessageDetails): MessageDetails => ({
  ...(Object.keys(headers).length > 0 && { headers }),
  ...(body !== undefined && { body }),
})
