import { joined, latin1, latin1Bytes, utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { type HeaderPair, headBytes, headerOf, headerRecord } from '../codec/http1-head.ts'
import type { Replacement } from '../core/interception.ts'
import { replacedResponse } from './replaced-response.ts'

interface OwnBytes {
  readonly status: number
  readonly headers: readonly HeaderPair[]
  /** Without its framing. */
  readonly body: Uint8Array
}

/** Returns the response that a replacement makes of the server's own, as it is sent. */
export function replacementBytes(
  replacement: Replacement,
  own: OwnBytes | undefined,
  method: string,
  persists: boolean,
): Uint8Array {
  const isEncoded = own !== undefined && headerOf(own.headers, 'content-encoding') !== undefined
  // Half of a text must not end within a character. What is kept whole survives byte by byte.
  const isText = typeof replacement.body !== 'string' || (replacement.body === 'cut' && !isEncoded)
  const { status, headers, body } = replacedResponse(
    replacement,
    own && {
      status: own.status,
      headers: headerRecord(own.headers),
      body: isText ? utf8Text(own.body) : latin1(own.body),
    },
  )
  const bytes = isText ? utf8Bytes(body) : latin1Bytes(body)
  const isBodiless = status === 204 || status === 304
  const pairs: HeaderPair[] = Object.entries(headers).filter(([name]) => name !== 'connection')
  if (!isBodiless) pairs.push(['content-length', String(bytes.length)])
  if (!persists) pairs.push(['connection', 'close'])
  const head = headBytes({
    ...{ kind: 'response', version: 'HTTP/1.1', status, reason: '', headers: pairs },
  })
  return isBodiless || method === 'HEAD' ? head : joined([head, bytes])
}
