import type { HttpRequest } from '../../harness/core/ports/http.ts'
import { DEVICE_HEADER, REQUEST_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { idSchema } from '../protocol/item.ts'
import { KEY_HEADER } from '../protocol/messages.ts'
import { InvalidRequest } from './response.ts'

/** A request in the form in which handlers read it. */
export interface ParsedRequest {
  readonly body: string | undefined
  readonly query: ReadonlyMap<string, string>
  /** The last part of the path, on a route that ends in `/*`. */
  readonly id: string
  /** The idempotency key in the header. */
  readonly key: string | undefined
  /** The user, else the device; 'anonymous' if the request names neither. */
  readonly author: string
  /** The request's id in the history. */
  readonly requestId: string | undefined
}

export function parseRequest(
  { headers, body }: HttpRequest,
  search: string,
  id: string,
): ParsedRequest {
  return {
    body,
    query: parseQuery(search),
    id: decode(id, 'the path is not well-formed'),
    key: readKey(header(headers, KEY_HEADER)),
    author: header(headers, USER_HEADER) || header(headers, DEVICE_HEADER) || 'anonymous',
    requestId: header(headers, REQUEST_HEADER),
  }
}

/** Reads a whole number from 0 in the query. Throws an InvalidRequest (400) on anything else. */
export function readCount(
  query: ReadonlyMap<string, string>,
  name: string,
  otherwise: number,
): number {
  const text = query.get(name)
  if (text === undefined) return otherwise
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidRequest(400, `${name} must be a whole number from 0`)
  }
  return Number(text)
}

function header(headers: HttpRequest['headers'], name: string): string | undefined {
  if (!headers) return undefined
  const found =
    headers[name] ??
    Object.entries(headers).find(([candidate]) => candidate.toLowerCase() === name)?.[1]
  return found === undefined || found === '' ? undefined : found
}

function parseQuery(search: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of search === '' ? [] : search.split('&')) {
    const equals = pair.indexOf('=')
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    const reason = 'the query is not well-formed'
    found.set(decode(name, reason), decode(value.replaceAll('+', ' '), reason))
  }
  return found
}

function decode(text: string, reason: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new InvalidRequest(400, reason)
  }
}

function readKey(key: string | undefined): string | undefined {
  if (key === undefined || idSchema.safeParse(key).success) return key
  throw new InvalidRequest(400, `${KEY_HEADER} must have 1 to 128 characters`)
}
