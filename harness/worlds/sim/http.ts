import type { EventBody } from '../../core/event.ts'
import type { Clock, Timer } from '../../core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../../core/ports/http.ts'
import { RepeatedDetails } from '../../core/repeated-details.ts'
import { observeRequest, type RequestEvent } from '../../core/request-event.ts'
import { observeResponse, type ResponseEvent } from '../../core/response-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import type { Network } from './network.ts'

interface SimHttpOptions {
  readonly clock: Clock
  readonly network: Network
  /** Returns the id of the next request in the history. */
  readonly nextId: () => string
  readonly emit: (body: EventBody) => void
  /** Runs client code, unless the incarnation is dead. `doing` names it. */
  readonly run: (doing: string, task: () => void) => void
}

interface PendingOptions extends SimHttpOptions {
  readonly repeated: RepeatedDetails
}

/** The Http port of one incarnation: records each request and sends it over its own connection. */
export class SimHttp implements Http {
  readonly #options: PendingOptions
  /** Undefined after death. */
  #pending: Set<PendingRequest> | undefined = new Set()

  constructor(options: SimHttpOptions) {
    this.#options = { ...options, repeated: new RepeatedDetails() }
  }

  request(request: HttpRequest, abort?: Abort): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const all = this.#pending
      if (!all) return
      const pending = new PendingRequest(request, this.#options, {
        resolve,
        reject,
        onEnd: () => all.delete(pending),
      })
      all.add(pending)
      if (abort?.aborted) pending.giveUp('aborted')
      else abort?.addEventListener('abort', () => pending.giveUp('aborted'))
    })
  }

  /** Closes the connections of a dead incarnation. Its requests never settle. */
  hangUp(): void {
    for (const pending of this.#pending ?? []) pending.hangUp()
    this.#pending = undefined
  }
}

interface Settlement {
  readonly resolve: (response: HttpResponse) => void
  readonly reject: (error: HttpError) => void
  readonly onEnd: () => void
}

/** A request from its sending to its end: a response, a failure, or given up by its sender. */
class PendingRequest {
  /** Closes the connection. The request does not settle. */
  readonly hangUp: () => void
  readonly #request: HttpRequest
  readonly #requestId: string
  readonly #options: PendingOptions
  readonly #sent: RequestEvent
  readonly #settlement: Settlement
  readonly #deadline: Timer | undefined
  #ended = false

  constructor(request: HttpRequest, options: PendingOptions, settlement: Settlement) {
    const { clock, network, emit, nextId, repeated } = options
    this.#request = request
    this.#options = options
    this.#settlement = settlement
    this.#requestId = nextId()
    this.#sent = observeRequest(this.#requestId, request)
    emit(repeated.request(this.#sent))
    const headers = { ...request.headers, [REQUEST_HEADER]: this.#requestId }
    this.hangUp = network.send(
      { ...request, headers },
      {
        onResponse: (response) => this.#respond(response),
        onFailure: (failure) => this.#fail(failure),
      },
    )
    if (request.deadline !== undefined)
      this.#deadline = clock.after(request.deadline, () => this.giveUp('timeout'))
  }

  giveUp(failure: 'timeout' | 'aborted'): void {
    this.hangUp()
    this.#fail(failure)
  }

  #respond(response: HttpResponse): void {
    this.#end(
      () => this.#options.repeated.response(observeResponse(this.#requestId, response), this.#sent),
      () => this.#settlement.resolve(response),
    )
  }

  #fail(failure: HttpFailure): void {
    const { method, path } = this.#request
    this.#end(
      () => ({ type: 'response', requestId: this.#requestId, outcome: failure }),
      () => this.#settlement.reject(new HttpError(failure, `${method} ${path}: ${failure}`)),
    )
  }

  #end(observe: () => ResponseEvent, settle: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#deadline?.cancel()
    this.#settlement.onEnd()
    const { emit, run } = this.#options
    run(`the end of ${this.#requestId}`, () => {
      emit(observe())
      settle()
    })
  }
}
