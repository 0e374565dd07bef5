import { joined, utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { type HeaderPair, headBytes, headerRecord, type ResponseHead } from '../codec/http1-head.ts'
import { Http1Reader } from '../codec/http1-reader.ts'
import { isInterim } from '../codec/response-kinds.ts'
import type { Clock } from '../core/ports/clock.ts'
import { type Http, HttpError, type HttpFailure, type HttpResponse } from '../core/ports/http.ts'
import type { ByteStream, Connect } from '../core/ports/stream.ts'

/**
 * Returns a port for requests that speaks HTTP/1.1 by itself, over connections of bytes. An idle
 * connection is used again.
 *
 * @example
 * const client: ClientDefinition = {
 *   ...tinyClient,
 *   create: (ports, identity) =>
 *     tinyClient.create({ ...ports, http: httpOverStreams(ports.connect, ports.clock) }, identity),
 * }
 */
export function httpOverStreams(connect: Connect, clock: Clock): Http {
  const idle: Connection[] = []
  return {
    request: ({ method, path, headers = {}, body, deadline }, abort) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const connection = idle.pop() ?? new Connection(connect())
        const fail = (failure: HttpFailure) => {
          timer?.cancel()
          reject(new HttpError(failure, `${method} ${path}: ${failure}`))
        }
        const giveUp = (failure: HttpFailure) => {
          connection.abandon()
          fail(failure)
        }
        const timer =
          deadline === undefined ? undefined : clock.after(deadline, () => giveUp('timeout'))
        abort?.addEventListener('abort', () => giveUp('aborted'))
        const bytes = utf8Bytes(body ?? '')
        const sent: HeaderPair[] = [['host', 'server.test'], ...Object.entries(headers)]
        if (body !== undefined) sent.push(['content-length', String(bytes.length)])
        const head = headBytes({
          ...{ kind: 'request', method, path, version: 'HTTP/1.1', headers: sent },
        })
        connection.send(joined([head, bytes]), {
          respond: (response) => {
            timer?.cancel()
            idle.push(connection)
            resolve(response)
          },
          fail,
          idles: () => idle.splice(idle.indexOf(connection), idle.includes(connection) ? 1 : 0),
        })
      }),
  }
}

interface Waiting {
  respond(response: HttpResponse): void
  fail(failure: HttpFailure): void
  /** The connection is closed while nothing waits. */
  idles(): void
}

class Connection {
  readonly #stream: ByteStream
  #waiting: Waiting | undefined
  #last: Waiting | undefined

  constructor(stream: ByteStream) {
    this.#stream = stream
    let head: ResponseHead | undefined
    let body: Uint8Array[] = []
    let isAnswering = false
    const reader = new Http1Reader('response', {
      head: (next) => {
        isAnswering = true
        if (next.kind === 'response' && !isInterim(next)) head = next
      },
      body: (payload) => void body.push(payload),
      end: () => {
        if (!head) return
        const { status, headers } = head
        const response = { status, headers: headerRecord(headers), body: utf8Text(joined(body)) }
        isAnswering = false
        body = []
        this.#settle((waiting) => waiting.respond(response))
      },
      invalid: () => {
        this.#settle((waiting) => waiting.fail('cut'))
        stream.reset()
      },
    })
    stream.receive({
      data: (bytes) => reader.push(bytes),
      closed: (how) => {
        if (how === 'end') reader.close()
        this.#last?.idles()
        this.#settle((waiting) =>
          waiting.fail(how === 'refused' ? 'refused' : isAnswering ? 'cut' : 'reset'),
        )
      },
    })
  }

  send(bytes: Uint8Array, waiting: Waiting): void {
    this.#waiting = waiting
    this.#last = waiting
    this.#stream.write(bytes)
  }

  /** Closes the connection, without the response. */
  abandon(): void {
    this.#waiting = undefined
    this.#stream.reset()
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) settle(waiting)
  }
}
