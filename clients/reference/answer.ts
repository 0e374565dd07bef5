import type { z } from 'zod'
import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { refusalSchema } from '../../server-stub/protocol/changes.ts'
import { retryAfter } from './backoff.ts'
import { SETTINGS } from './settings.ts'

/** An answer that is not what was asked for. refused: our server says that this request will never do · failed: anything else, try again. */
export type NoAnswer =
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'failed'; readonly hold?: number; readonly why: string }

/** The request itself is at fault. 409 is not one of them (the first attempt is still being carried out: wait), nor is 401 (sign in again). */
const AT_FAULT: ReadonlySet<number> = new Set([400, 403, 404, 413, 422])

export const failed = (why: string): NoAnswer => ({ type: 'failed', why })

/** The body, if it is JSON by name and by nature and of this shape. A captive portal's page is not. */
export function bodyOf<Schema extends z.ZodType>(
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

/** What to make of a status other than the one that was hoped for. Only a refusal in our server's own words is final. */
export function noAnswer(response: HttpResponse, wall: number): NoAnswer {
  const { status, headers } = response
  const refusal = bodyOf(refusalSchema, response)
  if (AT_FAULT.has(status) && refusal) return { type: 'refused', reason: refusal.error }
  const why = `status ${status}`
  if (status === 401) return { type: 'failed', hold: SETTINGS.backoff.cap, why }
  const hold =
    status === 429 || status === 503 ? retryAfter(headers['retry-after'], wall) : undefined
  return {
    type: 'failed',
    why,
    ...(hold !== undefined && { hold: Math.min(hold, SETTINGS.longestRetryAfter) }),
  }
}
