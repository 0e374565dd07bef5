import type { Replacement } from '../core/interception.ts'
import type { HttpResponse } from '../core/ports/http.ts'

/** The status of a replacement that has none, if the server was not asked for its own. */
const NO_SERVER = 502

/**
 * Returns the response that a replacement makes of the server's own; undefined: the server was not
 * asked. Headers of the server's response that describe its body are kept with the body only.
 */
export function replacedResponse(
  replacement: Replacement,
  own: HttpResponse | undefined,
): HttpResponse {
  const { headers, body } = replacement
  const status = replacement.status ?? own?.status ?? NO_SERVER
  if (typeof body !== 'string') return { status, headers, body: body.text }
  const kept = own?.body ?? ''
  return {
    status,
    headers: { ...own?.headers, ...headers },
    body: body === 'kept' ? kept : kept.slice(0, Math.floor(kept.length / 2)),
  }
}
