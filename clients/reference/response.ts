import type { z } from 'zod'
import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { errorResponseSchema } from '../../server-stub/protocol/changes.ts'
import { retryAfter } from './backoff.ts'
import { SETTINGS } from './settings.ts'

/**
 * A response that is not the expected success.
 *
 * - refused: our server itself rejects this request; repeating it is useless.
 * - failed: anything else; retry, but not before `retryAfterMs`.
 */
export type FailedResponse =
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string; readonly retryAfterMs?: number }

/**
 * Statuses of requests that are useless to repeat. Does not contain 409 (the first attempt is still
 * in progress: wait) and 401 (the session is renewed: see session.ts).
 */
const REQUEST_ERRORS: ReadonlySet<number> = new Set([400, 403, 404, 413, 422])

export const failed = (reason: string): FailedResponse => ({ type: 'failed', reason })

/**
 * Parses the body if the response claims to be JSON, is JSON and has this schema; otherwise returns
 * undefined, as for the page of a captive portal.
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  { headers, body }: HttpResponse,
): z.infer<Schema> | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined
  let data: unknown
  try {
    data = JSON.parse(body)
  } catch {
    return undefined
  }
  const parsed = schema.safeParse(data)
  return parsed.success ? parsed.data : undefined
}

/**
 * Classifies a response with an unexpected status. Final only with our server's error body and the
 * epoch of the last pull, which a gateway on the path does not know. Before the first pull, `epoch`
 * is empty and nothing is final.
 */
export function classifyFailure(
  response: HttpResponse,
  wall: number,
  epoch: string,
): FailedResponse {
  const { status } = response
  const refusal = parseBody(errorResponseSchema, response)
  const isOwn = epoch !== '' && refusal?.epoch === epoch
  if (REQUEST_ERRORS.has(status) && isOwn) return { type: 'refused', reason: refusal.error }
  return failureOf(response, wall)
}

/** Returns the failure that a response is, with the wait that the server asks for. */
export function failureOf(
  response: HttpResponse,
  wall: number,
): Extract<FailedResponse, { type: 'failed' }> {
  const retryAfterMs = retryAfterOf(response, wall)
  return {
    type: 'failed',
    reason: `status ${response.status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

function retryAfterOf({ status, headers }: HttpResponse, wall: number): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  const requestedMs = retryAfter(headers['retry-after'], wall)
  return requestedMs === undefined ? undefined : Math.min(requestedMs, SETTINGS.retryAfterMaxMs)
}
