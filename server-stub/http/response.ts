import type { HttpResponse } from '../../harness/core/ports/http.ts'

/** Sets `no-store`: a response that reports state would be stale in any cache. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const

export function jsonText(status: number, body: string): HttpResponse {
  return { status, headers: HEADERS, body }
}

export function json(status: number, value: unknown): HttpResponse {
  return jsonText(status, JSON.stringify(value))
}

/**
 * Thrown by handlers for an invalid request, with the status and a one-line reason. The router
 * turns it into a response.
 */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Makes an error response; with the server's epoch if the server itself responds. */
export function errorResponse(status: number, error: string, epoch?: string): HttpResponse {
  return json(status, { error, ...(epoch !== undefined && { epoch }) })
}

/** Makes the response to a request whose epoch or cursor is not the server's. */
export function resyncResponse({ epoch, seq }: { epoch: string; seq: number }): HttpResponse {
  return json(410, { error: 'resync', epoch, newest: seq })
}
