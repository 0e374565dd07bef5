import { latin1Bytes, utf8Bytes } from '../../codec/bytes.ts'
import {
  bodyFraming,
  type HeaderPair,
  headBytes,
  type ResponseHead,
} from '../../codec/http1-head.ts'
import { Http1Reader } from '../../codec/http1-reader.ts'
import type { ByteStream } from '../../core/ports/stream.ts'

/** A request as it goes onto a connection. */
export interface OutgoingRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Without the headers that frame the body. */
  readonly headers: readonly HeaderPair[]
  /** A stream is sent in chunks, while it is read. */
  readonly body?: Uint8Array | ReadableStream<Uint8Array> | undefined
}

/** Receives the response to one request. */
export interface ResponseListener {
  head(head: ResponseHead): void
  body(bytes: Uint8Array): void
  end(): void
  /** No complete response will come. Nothing follows. */
  failed(reason: string): void
}

/** A connection that carries one request. */
export class HttpConnection {
  readonly #stream: ByteStream
  readonly #onClosed: () => void
  readonly #reader: Http1Reader
  #listener: ResponseListener | undefined
  #method = 'GET'
  /** A head whose body is about to follow. */
  #head: ResponseHead | undefined
  #isClosed = false

  /** `onClosed` is called when the request has ended in any way. */
  constructor(stream: ByteStream, onClosed: () => void) {
    this.#stream = stream
    this.#onClosed = onClosed
    this.#reader = new Http1Reader(
      'response',
      {
        head: (head) => this.#readHead(head as ResponseHead),
        body: (bytes) => {
          this.#passHead()
          this.#listener?.body(bytes)
        },
        end: () => this.#end(),
        invalid: (reason) => {
          this.close()
          this.#fail(reason)
        },
      },
      () => this.#method,
    )
    stream.receive({
      data: (bytes) => this.#reader.push(bytes),
      closed: (how) => {
        if (how === 'end') this.#reader.close()
        if (!this.#isClosed) {
          this.#isClosed = true
          this.#onClosed()
        }
        this.#fail(how === 'end' ? 'the connection was closed' : how)
      },
    })
  }

  /** Sends the request. */
  send(request: OutgoingRequest, listener: ResponseListener): void {
    const { method, path, headers, body } = request
    this.#listener = listener
    this.#method = method
    const isChunked = body !== undefined && !(body instanceof Uint8Array)
    const length = body instanceof Uint8Array ? body.length : 0
    const framing: HeaderPair[] = isChunked
      ? [['Transfer-Encoding', 'chunked']]
      : body !== undefined || /^P(OST|UT|ATCH)$/.test(method)
        ? [['Content-Length', String(length)]]
        : []
    const head = headBytes({
      kind: 'request',
      method,
      path,
      version: 'HTTP/1.1',
      headers: [...headers, ['Connection', 'close'], ...framing],
    })
    this.#stream.write(head)
    if (isChunked) void this.#upload(body)
    else if (length > 0) this.#stream.write(body as Uint8Array)
  }

  /** Ends the connection without a report. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#listener = undefined
    this.#stream.reset()
    this.#onClosed()
  }

  async #upload(body: ReadableStream<Uint8Array>): Promise<void> {
    try {
      for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
        if (this.#isClosed) return
        if (part.length === 0) continue
        this.#stream.write(latin1Bytes(`${part.length.toString(16)}\r\n`))
        this.#stream.write(part)
        this.#stream.write(utf8Bytes('\r\n'))
      }
      this.#stream.write(utf8Bytes('0\r\n\r\n'))
    } catch {
      const listener = this.#listener
      this.close()
      listener?.failed('the body that is sent has failed')
    }
  }

  #readHead(head: ResponseHead): void {
    if (head.status < 200 && head.status !== 101) return
    const framing = bodyFraming(head, this.#method)
    this.#head = head
    // A body of a known length follows at once: as in most packets, they arrive together.
    if (typeof framing !== 'number' || framing === 0) this.#passHead()
  }

  #passHead(): void {
    const head = this.#head
    this.#head = undefined
    if (head) this.#listener?.head(head)
  }

  #end(): void {
    this.#passHead()
    const listener = this.#listener
    this.#listener = undefined
    listener?.end()
    this.close()
  }

  #fail(reason: string): void {
    this.#passHead()
    const listener = this.#listener
    this.#listener = undefined
    listener?.failed(reason)
  }
}
