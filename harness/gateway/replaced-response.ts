import type { Replacement } from '../core/interception.ts'
import type { HttpResponse } from '../core/ports/http.ts'

/**
 * Returns the response that a replacement makes of the server's own; undefined: the server was not
 * asked. Headers of the server's response that describe its body are kept with the body only.
 */
export function replacedResponse(
  { status, headers, body }: Replacement,
  own: HttpResponse | undefined,
): HttpResponse {
  if (typeof body !== 'string') return { status, headers, body: body.text }
  const kept = own?.body ?? ''
  return {
    status,
    headers: { ...own?.headers, ...headers },
    body: body === 'kept' ? kept : kept.slice(0, Math.floor(kept.length / 2)),
  }
}
