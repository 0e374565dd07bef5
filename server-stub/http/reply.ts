import type { HttpResponse } from '../../harness/core/ports/http.ts'

/** `no-store`: an answer about state is stale as soon as a cache on the way holds it. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const

export function jsonText(status: number, body: string): HttpResponse {
  return { status, headers: HEADERS, body }
}

export function json(status: number, value: unknown): HttpResponse {
  return jsonText(status, JSON.stringify(value))
}

/** A request that cannot be answered, with one line that says why. Thrown by handlers, answered by the router. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function refusal(status: number, error: string): HttpResponse {
  return json(status, { error })
}
