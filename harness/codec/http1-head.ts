import { isBodilessStatus } from '../core/bodiless-status.ts'
import { latin1Bytes } from './bytes.ts'

/** The head of an HTTP/1.1 message. */
export type Head = RequestHead | ResponseHead

export interface RequestHead extends Headed {
  readonly kind: 'request'
  readonly method: string
  /** Path and query, as sent. */
  readonly path: string
}

export interface ResponseHead extends Headed {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
}

interface Headed {
  /** 'HTTP/1.1' */
  readonly version: string
  /** In the order and with the names as sent. */
  readonly headers: readonly HeaderPair[]
}

export type HeaderPair = readonly [name: string, value: string]

/**
 * The length of a body, or what ends it: chunked, the connection's close. upgrade: no HTTP follows.
 * continue: the head of the real response follows.
 */
export type Framing = number | 'chunked' | 'close' | 'upgrade' | 'continue'

/**
 * Returns the value of a header, several joined; undefined if it is absent. `name` in lower case.
 */
export function headerOf(headers: readonly HeaderPair[], name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** Returns the headers by their names in lower case; several of one name are joined. */
export function headerRecord(headers: readonly HeaderPair[]): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const known = Object.hasOwn(record, lower) ? record[lower] : undefined
    record[lower] = known === undefined ? value : `${known}, ${value}`
  }
  return record
}

/** Returns the head as it is sent. */
export function headBytes(head: Head): Uint8Array {
  const first =
    head.kind === 'request'
      ? `${head.method} ${head.path} ${head.version}`
      : `${head.version} ${head.status} ${head.reason}`
  const lines = head.headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return latin1Bytes(`${first}\r\n${lines.join('')}\r\n`)
}

/** Parses a head with its empty line. Returns what is wrong with it, in words. */
export function parseHead(text: string, kind: Head['kind']): Head | string {
  const [first = '', ...lines] = text.split(/\r?\n/).slice(0, -2)
  const headers: HeaderPair[] = []
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined) return 'a line of its head is no header'
    headers.push([name, value])
  }
  if (kind === 'request') {
    const [, method, path, version] =
      /^([!-~]+) ([!-~\x80-\xff]+) (HTTP\/1\.[01])$/.exec(first) ?? []
    if (method === undefined || path === undefined || version === undefined)
      return 'its first line is no request'
    return { kind, method, path, version, headers }
  }
  const [, version, status, reason = ''] = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/.exec(first) ?? []
  if (version === undefined || status === undefined) return 'its first line is no status'
  return { kind, version, status: Number(status), reason, headers }
}

/** Returns how the body of a message is framed; undefined if its length is unreadable. */
export function bodyFraming(head: Head, method: string | undefined): Framing | undefined {
  const encoding = headerOf(head.headers, 'transfer-encoding')
  if (head.kind === 'response') {
    const { status } = head
    if (status === 101) return 'upgrade'
    if (status < 200) return 'continue'
    if (method === 'HEAD' || isBodilessStatus(status)) return 0
  }
  if (encoding !== undefined) return /\bchunked$/i.test(encoding) ? 'chunked' : undefined
  const length = headerOf(head.headers, 'content-length')
  if (length !== undefined) return /^\d{1,15}$/.test(length) ? Number(length) : undefined
  return head.kind === 'response' ? 'close' : 0
}
