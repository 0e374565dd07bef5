import type { EventBody } from '../../core/event.ts'
import { RepeatedDetails } from '../../core/repeated-details.ts'
import {
  type ObservedRequest,
  observeMessage,
  observeRequest,
  type RequestEvent,
} from '../../core/request-event.ts'
import type { RequestFailure } from '../../core/request-failure.ts'
import type { ResponseEvent } from '../../core/response-event.ts'

interface RequestLogOptions {
  /** Returns the id of the next request in the history. */
  readonly nextId: () => string
  readonly emit: (event: EventBody & { readonly type: 'request' | 'response' }) => void
}

/**
 * Names and records the requests of one incarnation, whichever port they leave by: what is repeated
 * can be left out only if one log knows all.
 */
export class RequestLog {
  readonly nextId: () => string
  readonly #emit: RequestLogOptions['emit']
  readonly #repeated = new RepeatedDetails()

  constructor({ nextId, emit }: RequestLogOptions) {
    this.nextId = nextId
    this.#emit = emit
  }

  /** Records a request. Returns it as a history would keep it if nothing were repeated. */
  request(requestId: string, request: ObservedRequest, bytes?: number): RequestEvent {
    const observed = observeRequest(requestId, request)
    const sent = bytes === undefined ? observed : { ...observed, bytes }
    this.#emit(this.#repeated.request(sent))
    return sent
  }

  /** Records the response to a request. */
  response(sent: RequestEvent, response: ResponseEvent): void {
    this.#emit(this.#repeated.response(response, sent))
  }

  /** Records that a request has failed. */
  failure({ requestId }: RequestEvent, outcome: RequestFailure): void {
    this.#emit({ type: 'response', requestId, outcome })
  }

  /** Records a message on the WebSocket connection that a request has opened. */
  message(upgrade: RequestEvent, number: number, body: string, bytes: number): void {
    const message = observeMessage(upgrade, number, { text: body, bytes })
    this.#emit(this.#repeated.request(message))
    this.#emit({ type: 'response', requestId: message.requestId, outcome: 'sent' })
  }
}
