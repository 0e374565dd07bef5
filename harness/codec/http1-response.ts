import { isBodilessStatus } from '../core/bodiless-status.ts'
import { joined } from './bytes.ts'
import { type HeaderPair, headBytes, type RequestHead } from './http1-head.ts'

export interface WholeResponse {
  readonly status: number
  /** Without those that frame the body. */
  readonly headers: readonly HeaderPair[]
  readonly body: Uint8Array
}

/**
 * Returns a whole response to a request of this method as it is sent: with its length, and without
 * a body where HTTP allows none. If the connection does not persist, the response says so.
 */
export function responseBytes(
  { status, headers, body }: WholeResponse,
  method: RequestHead['method'],
  persists: boolean,
): Uint8Array {
  const isBodiless = isBodilessStatus(status)
  const pairs = [...headers]
  if (!isBodiless) pairs.push(['content-length', String(body.length)])
  if (!persists) pairs.push(['connection', 'close'])
  const head = headBytes({
    ...{ kind: 'response', version: 'HTTP/1.1', status, reason: '', headers: pairs },
  })
  return isBodiless || method === 'HEAD' ? head : joined([head, body])
}
