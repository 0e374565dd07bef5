import type { Clock, Timer } from '../../core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../../core/ports/http.ts'
import type { RequestEvent } from '../../core/request-event.ts'
import { observeResponse } from '../../core/response-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import type { RequestLog } from '../host/request-log.ts'
import type { Network } from './network.ts'

interface SimHttpOptions {
  readonly clock: Clock
  readonly network: Network
  readonly log: RequestLog
  /** Runs client code, unless the incarnation is dead. `doing` names it. */
  readonly run: (doing: string, task: () => void) => void
}

/** The Http port of one incarnation: records each request and sends it over its own connection. */
export class SimHttp implements Http {
  readonly #options: SimHttpOptions
  /** Undefined after death. */
  #pending: Set<PendingRequest> | undefined = new Set()

  constructor(options: SimHttpOptions) {
    this.#options = options
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
  readonly #options: SimHttpOptions
  readonly #sent: RequestEvent
  readonly #settlement: Settlement
  readonly #deadline: Timer | undefined
  #ended = false

  constructor(request: HttpRequest, options: SimHttpOptions, settlement: Settlement) {
    const { clock, network, log } = options
    this.#request = request
    this.#options = options
    this.#settlement = settlement
    const requestId = log.nextId()
    this.#sent = log.request(requestId, request)
    const headers = { ...request.headers, [REQUEST_HEADER]: requestId }
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
      () => this.#options.log.response(this.#sent, observeResponse(this.#sent.requestId, response)),
      () => this.#settlement.resolve(response),
    )
  }

  #fail(failure: HttpFailure): void {
    const { method, path } = this.#request
    this.#end(
      () => this.#options.log.failure(this.#sent, failure),
      () => this.#settlement.reject(new HttpError(failure, `${method} ${path}: ${failure}`)),
    )
  }

  #end(record: () => void, settle: () => void): void {
    if (this.#ended) return
    this.#ended = true
    this.#deadline?.cancel()
    this.#settlement.onEnd()
    this.#options.run(`the end of ${this.#sent.requestId}`, () => {
      record()
      settle()
    })
  }
}
