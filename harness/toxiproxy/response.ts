/**
 * The responses of the API, byte for byte as the Go server writes them.
 *
 * @module
 */
import { messageOf } from '../core/problem.ts'
import type { ToxicEntry } from '../link/entry.ts'
import { ToxicError } from '../link/errors.ts'
import type { TcpProxy } from './tcp-proxy.ts'

export interface ApiResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export function jsonResponse(status: number, body: string): ApiResponse {
  return { status, headers: { 'Content-Type': 'application/json' }, body }
}

export const noContent: ApiResponse = { status: 204 }

/** Returns what Go's http.Error writes. */
export function plainText(status: number, text: string): ApiResponse {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    body: `${text}\n`,
  }
}

/** Returns the fields of an error in the API. An error without a status becomes a 500. */
export function errorFields(cause: unknown): { error: string; status: number } {
  return { error: messageOf(cause), status: cause instanceof ToxicError ? cause.status : 500 }
}

/** Returns an error as JSON with the content type of plain text, as the original does. */
export function errorResponse(cause: unknown): ApiResponse {
  const fields = errorFields(cause)
  return plainText(fields.status, json(fields))
}

/** Returns JSON as Go writes it: with <, >, & and two line separators escaped. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function proxyJson({ name, listen, upstream, enabled, link }: TcpProxy): string {
  // The original's responses really contain an empty Logger.
  return json({ name, listen, upstream, enabled, Logger: {}, toxics: link.list().map(toxicFields) })
}

export function toxicFields({ attributes, name, toxic, stream, toxicity }: ToxicEntry) {
  return { attributes, name, type: toxic.type, stream, toxicity }
}
