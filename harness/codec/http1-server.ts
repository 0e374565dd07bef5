import type { HttpRequest, HttpResponse } from '../core/ports/http.ts'
import type { ByteStream } from '../core/ports/stream.ts'
import { joined, latin1Bytes, utf8Bytes, utf8Text } from './bytes.ts'
import { type HeaderPair, headerOf, headerRecord, type RequestHead } from './http1-head.ts'
import { Http1Reader } from './http1-reader.ts'
import { responseBytes } from './http1-response.ts'
import { isPersistent } from './persistence.ts'

/** Handles a request, and calls `respond` once, or never. */
export type Http1Handler = (request: HttpRequest, respond: (response: HttpResponse) => void) => void

const METHODS: readonly HttpRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
/** Headers that this side sets itself. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive'])

/**
 * Reads HTTP/1.1 from a connection and writes the responses, one request after another. HEAD is
 * handled as GET, other methods that an {@link HttpRequest} cannot have get 405. Bodies are read as
 * UTF-8. What is not HTTP/1.1 gets 400.
 */
export function serveHttp1(stream: ByteStream, handle: Http1Handler): void {
  const connection = new ServedConnection(stream, handle)
  stream.receive({
    data: (bytes) => connection.read(bytes),
    closed: () => connection.close(),
  })
}

interface WaitingRequest {
  readonly head: RequestHead
  readonly body: Uint8Array
}

class ServedConnection {
  readonly #stream: ByteStream
  readonly #handle: Http1Handler
  readonly #waiting: WaitingRequest[] = []
  readonly #reader: Http1Reader
  #head: RequestHead | undefined
  #body: Uint8Array[] = []
  #isBusy = false
  #isInvalid = false
  #isClosed = false

  constructor(stream: ByteStream, handle: Http1Handler) {
    this.#stream = stream
    this.#handle = handle
    this.#reader = new Http1Reader('request', {
      head: (head) => this.#begin(head as RequestHead),
      body: (payload) => void this.#body.push(payload),
      end: () => this.#complete(),
      invalid: () => {
        this.#isInvalid = true
        this.#next()
      },
    })
  }

  read(bytes: Uint8Array): void {
    this.#reader.push(bytes)
  }

  close(): void {
    this.#isClosed = true
  }

  #begin(head: RequestHead): void {
    this.#head = head
    if (/^100-continue$/i.test(headerOf(head.headers, 'expect') ?? ''))
      this.#stream.write(latin1Bytes('HTTP/1.1 100 Continue\r\n\r\n'))
  }

  #complete(): void {
    if (!this.#head) return
    this.#waiting.push({ head: this.#head, body: joined(this.#body) })
    this.#head = undefined
    this.#body = []
    this.#next()
  }

  #next(): void {
    if (this.#isBusy || this.#isClosed) return
    const request = this.#waiting.shift()
    if (request) this.#serve(request)
    else if (this.#isInvalid) this.#refuse()
  }

  #serve({ head, body }: WaitingRequest): void {
    this.#isBusy = true
    const respond = (response: HttpResponse) => {
      this.#respond(head, response)
      this.#isBusy = false
      this.#next()
    }
    const method = METHODS.find((each) => each === (head.method === 'HEAD' ? 'GET' : head.method))
    if (!method) {
      const headers = { 'content-type': 'text/plain', allow: METHODS.join(', ') }
      respond({ status: 405, headers, body: `methods are ${METHODS.join(', ')}` })
      return
    }
    const headers = headerRecord(head.headers)
    const text = body.length > 0 ? { body: utf8Text(body) } : {}
    this.#handle({ method, path: head.path, headers, ...text }, respond)
  }

  #respond(head: RequestHead, response: HttpResponse): void {
    const { status } = response
    const body = utf8Bytes(response.body)
    const persists = isPersistent(head)
    const headers: HeaderPair[] = Object.entries(response.headers)
      .filter(([name]) => !FRAMING.has(name.toLowerCase()))
      .map(([name, value]) => [name, String(value).replace(/[\r\n]+/g, ' ')])
    this.#stream.write(responseBytes({ status, headers, body }, head.method, persists))
    if (persists) return
    this.#isClosed = true
    this.#stream.end()
  }

  #refuse(): void {
    this.#isClosed = true
    const head = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
    this.#stream.write(latin1Bytes(head))
    this.#stream.end()
  }
}
