import { joined, utf8Bytes, utf8Text } from '../../../codec/bytes.ts'
import {
  type HeaderPair,
  headBytes,
  headerRecord,
  type ResponseHead,
} from '../../../codec/http1-head.ts'
import { Http1Reader } from '../../../codec/http1-reader.ts'
import type { HttpRequest, HttpResponse } from '../../../core/ports/http.ts'
import type { ByteStream } from '../../../core/ports/stream.ts'

/** Headers about the connection, and not about what is said on it: the caller has another one. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
])

const withoutOwn = (headers: readonly HeaderPair[]) =>
  headers.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))

/** Sends one request over a connection of its own. Rejects if it closes before the response. */
export function sendRequest(stream: ByteStream, request: HttpRequest): Promise<HttpResponse> {
  const { method, path, headers = {}, body } = request
  return new Promise((resolve, reject) => {
    let head: ResponseHead | undefined
    const parts: Uint8Array[] = []
    const fail = (why: string) => reject(new Error(`${method} ${path}: ${why}`))
    const reader = new Http1Reader(
      'response',
      {
        head: (arrived) => {
          head = arrived as ResponseHead
        },
        body: (part) => parts.push(part),
        end: () => {
          if (!head || head.status < 200) return
          const { status, headers } = head
          resolve({
            status,
            headers: headerRecord(withoutOwn(headers)),
            body: utf8Text(joined(parts)),
          })
          stream.end()
        },
        upgraded: () => fail('the server upgraded the connection'),
        invalid: (reason) => fail(`the response is not HTTP: ${reason}`),
      },
      () => method,
    )
    stream.receive({
      data: (bytes) => reader.push(bytes),
      closed: () => {
        reader.close()
        fail('the server closed the connection before its response was complete')
      },
    })
    const payload = body === undefined ? undefined : utf8Bytes(body)
    stream.write(
      headBytes({
        kind: 'request',
        method,
        path: path.replaceAll(/[^!-~]/gu, encodeURIComponent),
        version: 'HTTP/1.1',
        headers: [
          ['host', 'server.test'],
          ...withoutOwn(Object.entries(headers)),
          ['connection', 'close'],
          ...(payload ? ([['content-length', String(payload.length)]] as const) : []),
        ],
      }),
    )
    if (payload) stream.write(payload)
  })
}
