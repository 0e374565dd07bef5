/** A small request and response, not WHATWG's: what the sim can carry as data and any HTTP library can send. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, from '/'. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text; JSON mostly. It must be well-formed Unicode, as JSON.stringify's output always is. */
  readonly body?: string
  /** Scenario milliseconds from now until the attempt is given up as 'timeout'. Without one a request may hang for ever. */
  readonly deadline?: number
  /**
   * The idempotency keys this request carries, with the number of times each was tried, this one included. Optional: a client that says
   * so lets deletes be traced, which carry no text and so no marker.
   */
  readonly about?: readonly { readonly key: string; readonly attempt: number }[]
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Why no response came. Only 'refused' is definite: the server never saw the request. After every other one it may
 * have been carried out.
 * refused: no connection · reset: connection broken · cut: ended before the whole response · timeout: deadline · aborted: by the caller
 */
export type HttpFailure = 'refused' | 'reset' | 'cut' | 'timeout' | 'aborted'

export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly failure: HttpFailure

  constructor(failure: HttpFailure, message: string = failure, options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}

export interface Http {
  /**
   * Sends one request over a connection of its own, never by itself a second time. Rejects with an {@link HttpError}.
   * After the death of the incarnation that asked it never settles.
   */
  request(request: HttpRequest, abort?: Abort): Promise<HttpResponse>
}

/** Gives a request up: WHATWG's AbortSignal is one, and so is anything this small. */
export interface Abort {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}
