import { isBodilessStatus } from '../core/bodiless-status.ts'
import type { Moment, Replacement, SentBody } from '../core/interception.ts'
import type { HttpResponse } from '../core/ports/http.ts'

/** The status of a replacement that has none, if the server was not asked for its own. */
const NO_SERVER = 502

/** Headers that describe how a body is sent. They are wrong for another body. */
const FRAMING: readonly string[] = ['content-length', 'transfer-encoding']

/**
 * Returns the response that a replacement makes of the server's own; undefined: the server was not
 * asked. The headers of the server's response are kept with its body only, without those that give
 * its length: a cut body is a complete message.
 * By HTTP's rules, some statuses have no body.
 */
export function replacedResponse(
  replacement: Replacement,
  own: HttpResponse | undefined,
): HttpResponse {
  const { headers, body } = replacement
  const status = replacement.status ?? own?.status ?? NO_SERVER
  if (isBodilessStatus(status)) return { status, headers, body: '' }
  if (typeof body !== 'string') return { status, headers, body: body.text }
  const kept = own?.body ?? ''
  const ownHeaders = Object.entries(own?.headers ?? {}).filter(([name]) => !FRAMING.includes(name))
  return {
    status,
    headers: { ...Object.fromEntries(ownHeaders), ...headers },
    body: body === 'kept' ? kept : firstHalf(kept),
  }
}

/** Returns which body a replacement sends. Before the server has responded, none can be kept. */
export function sentBody({ status, headers, body }: Replacement, moment: Moment): SentBody {
  if (isBodilessStatus(status)) return 'empty'
  if (typeof body === 'string') return moment === 'before' ? 'empty' : body
  if (body.text === '') return 'empty'
  return headers['content-type']?.startsWith('text/html') ? 'html' : 'other'
}

/** Never ends within a character. */
const firstHalf = (text: string) =>
  text.slice(0, Math.floor(text.length / 2)).replace(/[\ud800-\udbff]$/, '')
