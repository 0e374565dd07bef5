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

export function errorResponse(status: number, error: string): HttpResponse {
  return json(status, { error })
}
