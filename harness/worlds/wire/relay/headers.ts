import type { IncomingHttpHeaders } from 'node:http'
import { isBodilessStatus } from '../../../core/bodiless-status.ts'

/** Headers as they are written in a message: name, value, name, value. */
export type RawHeaders = readonly string[]

/** Headers about one connection. The relay makes its own for each of its two connections. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  // Only WebSocket passes: a client that offers HTTP/2 gets its response over HTTP/1.1.
  'upgrade',
  'http2-settings',
])

/** Headers that describe how a body is framed or encoded. */
const OF_FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'trailer'])

/** Methods whose requests have no body unless their headers announce one. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

/** Returns the headers without those that describe a connection, and without `others`. */
export function endToEnd(raw: RawHeaders, others: ReadonlySet<string> = NONE): string[] {
  const isKept = (key: string) => !OF_CONNECTION.has(key) && !others.has(key)
  return headerPairs(raw)
    .filter(([name]) => isKept(name.toLowerCase()))
    .flat()
}

const NONE: ReadonlySet<string> = new Set()

/** Returns raw headers or trailers as pairs of name and value. */
export function headerPairs(raw: RawHeaders): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return pairs
}

/** The relay has sent 100 Continue itself, because it reads a request whole. */
const EXPECT: ReadonlySet<string> = new Set(['expect'])

/** Returns the headers of a request to the server. The framing of its body stays as it was. */
export function requestHeaders(
  method: string,
  raw: RawHeaders,
  { keepsAlive }: { readonly keepsAlive: boolean },
): string[] {
  const headers = endToEnd(raw, EXPECT)
  if (!keepsAlive) headers.push('Connection', 'close')
  const isFramed = has(raw, 'content-length') || has(raw, 'transfer-encoding')
  if (!isFramed && !WITHOUT_BODY.has(method)) headers.push('Content-Length', '0')
  return headers
}

/** Returns the headers of a request that asks the server for a WebSocket. */
export function upgradeHeaders(raw: RawHeaders): string[] {
  return [...endToEnd(raw), 'Connection', 'Upgrade', 'Upgrade', 'websocket']
}

/** Returns the headers, as pairs, of a request that no longer offers another protocol. */
export function withoutUpgrade(raw: RawHeaders): [string, string][] {
  const closes = headerPairs(raw).some(
    ([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value),
  )
  return headerPairs([...endToEnd(raw), ...(closes ? ['Connection', 'close'] : [])])
}

/** Without it no extension is negotiated, such as compression: so the relays can read messages. */
const EXTENSIONS: ReadonlySet<string> = new Set(['sec-websocket-extensions'])
export const withoutExtensions = (raw: RawHeaders): string[] => endToEnd(raw, EXTENSIONS)

/** Returns the headers with `name` set to `value` only. */
export function withHeader(raw: RawHeaders, name: string, value: string): string[] {
  return [...endToEnd(raw, new Set([name])), name, value]
}

/** Returns the headers of a response whose body is framed again, without its encoding if asked. */
export function withoutFraming(raw: RawHeaders, isDecoded: boolean): string[] {
  return endToEnd(raw, isDecoded ? new Set([...OF_FRAMING, 'content-encoding']) : OF_FRAMING)
}

/** Returns headers by their names in lower case, as the Http port has them. */
export function joinedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value
  return joined
}

/**
 * Returns the number of bytes that a response's body will have; undefined if only its end shows it.
 */
export function bodyLength(
  method: string,
  status: number,
  headers: IncomingHttpHeaders,
): number | undefined {
  if (method === 'HEAD' || isBodilessStatus(status)) return 0
  if (headers['transfer-encoding'] !== undefined) return undefined
  const length = Number(headers['content-length'] ?? Number.NaN)
  return Number.isInteger(length) ? length : undefined
}

const has = (raw: RawHeaders, name: string) =>
  headerPairs(raw).some(([each]) => each.toLowerCase() === name)
