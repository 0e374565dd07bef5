import type { EventBody } from '../../core/event.ts'
import type { Clock } from '../../core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../../core/ports/http.ts'
import { observeRequest } from '../../core/request-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import { utf8Length } from '../../core/utf8.ts'
import type { Network } from './network.ts'

interface SimHttpOptions {
  readonly clock: Clock
  readonly network: Network
  /** Returns the id of the next request in the history. */
  readonly nextId: () => string
  readonly emit: (body: EventBody) => void
  /** Runs client code, unless the incarnation is dead. */
  readonly run: (task: () => void) => void
}

/** The Http port of one incarnation: records each request and sends it over its own connection. */
export class SimHttp implements Http {
  readonly #options: SimHttpOptions
  /** Functions that hang up the pending requests; undefined after death. */
  #pending: Set<() => void> | undefined = new Set()

  constructor(options: SimHttpOptions) {
    this.#options = options
  }

  request(request: HttpRequest, abort?: Abort): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const pending = this.#pending
      if (!pending) return
      const { clock, network, emit, run } = this.#options
      const requestId = this.#options.nextId()
      emit(observeRequest(requestId, request))
      let over = false
      const end = (outcome: ResponseOutcome, settle: () => void) => {
        if (over) return
        over = true
        deadline?.cancel()
        pending.delete(hangUp)
        run(() => {
          emit({ type: 'response', requestId, ...outcome })
          settle()
        })
      }
      const fail = (failure: HttpFailure) =>
        end({ outcome: failure }, () =>
          reject(new HttpError(failure, `${request.method} ${request.path}: ${failure}`)),
        )
      const hangUp = network.send(
        { ...request, headers: { ...request.headers, [REQUEST_HEADER]: requestId } },
        {
          onResponse: (response) =>
            end(
              { outcome: 'response', status: response.status, bytes: utf8Length(response.body) },
              () => resolve(response),
            ),
          onFailure: fail,
        },
      )
      pending.add(hangUp)
      const giveUp = (failure: HttpFailure) => {
        hangUp()
        fail(failure)
      }
      const deadline =
        request.deadline === undefined
          ? undefined
          : clock.after(request.deadline, () => giveUp('timeout'))
      if (abort?.aborted) giveUp('aborted')
      else abort?.addEventListener('abort', () => giveUp('aborted'))
    })
  }

  /** Closes the connections of a dead incarnation. Its requests never settle. */
  hangUp(): void {
    for (const hangUp of this.#pending ?? []) hangUp()
    this.#pending = undefined
  }
}

type ResponseOutcome = Omit<Extract<EventBody, { type: 'response' }>, 'type' | 'requestId'>
