import { latin1, latin1Bytes, utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { type HeaderPair, headerOf, headerRecord } from '../codec/http1-head.ts'
import { responseBytes } from '../codec/http1-response.ts'
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
  const pairs = Object.entries(headers).filter(([name]) => name !== 'connection')
  return responseBytes({ status, headers: pairs, body: bytes }, method, persists)
}
