/**
 * A small HTTP client as a port. Requests and responses are plain data, not WHATWG objects, so that
 * the sim can carry them and any HTTP library can send them.
 *
 * @module
 */

/** A request to the server under test. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, beginning with '/'. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Usually JSON. Must be well-formed Unicode, as the output of JSON.stringify always is. */
  readonly body?: string
  /**
   * Scenario milliseconds after which the request fails with 'timeout'. Default: none; the request
   * may stay pending for ever.
   */
  readonly deadline?: number
  /**
   * The idempotency keys that the request carries, with the number of attempts for each, this one
   * included. Optional. It joins deletions to their requests: they carry no text, so no marker.
   */
  readonly about?: readonly { readonly key: string; readonly attempt: number }[]
}

/** A complete response, of any status. */
export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The reason why a request got no complete response.
 *
 * - refused: no connection
 * - reset: the connection broke
 * - cut: the connection closed before the response was complete
 * - timeout: the deadline passed
 * - aborted: the caller aborted it
 *
 * Only 'refused' is definite: the server never saw the request. After each of the others, the
 * request may have taken effect on the server.
 */
export type HttpFailure = 'refused' | 'reset' | 'cut' | 'timeout' | 'aborted'

/**
 * The error with which a request rejects if it gets no complete response. `instanceof` holds for
 * errors of another copy of this module, too: a client that is CommonJS loads a copy of its own.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly failure: HttpFailure

  constructor(failure: HttpFailure, message: string = failure, options?: ErrorOptions) {
    // Requests fail all the time here, and recording a stack takes longer than sending a request.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message, options)
    Error.stackTraceLimit = stackTraceLimit
    this.failure = failure
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'HttpError' && 'failure' in value
  }
}

/** The network as a client sees it. */
export interface Http {
  /**
   * Sends one request over a connection of its own, and never retries. Resolves with a response of
   * any status; rejects with an {@link HttpError} and nothing else. Never settles after the death
   * of the incarnation that sent it.
   *
   * @example
   * async function pull(http: Http): Promise<string | undefined> {
   *   try {
   *     const { status, body } = await http.request({
   *       method: 'GET',
   *       path: '/changes',
   *       deadline: 10_000, // scenario milliseconds
   *     })
   *     return status === 200 ? body : undefined
   *   } catch (error) {
   *     if (error instanceof HttpError) return undefined // try again later
   *     throw error
   *   }
   * }
   */
  request(request: HttpRequest, abort?: Abort): Promise<HttpResponse>
}

/** Aborts a request. A WHATWG AbortSignal is one, and so is any object with these members. */
export interface Abort {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}
