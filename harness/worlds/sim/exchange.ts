import type { Clock } from '../../core/ports/clock.ts'
import type { HttpFailure, HttpRequest, HttpResponse } from '../../core/ports/http.ts'
import type { Chunk } from '../../link/chunk.ts'
import type { Connection, Sink } from '../../link/connection.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import { delayedSink } from './delayed-sink.ts'
import { MessageSlice, messageLength } from './message.ts'

/**
 * Accepts a connection, or returns undefined if no server is listening. The request itself is
 * passed here as an object, when the connection is opened, and only its length goes through the
 * link. So the server must not read the request before {@link ServerSide.received} is called.
 */
export type Accept = (request: HttpRequest, line: ResponseLine) => ServerSide | undefined

/** The way back to the client. */
export interface ResponseLine {
  respond(response: HttpResponse): void
  /** Closes the connection without a response. */
  close(): void
}

/** The server's side of a connection. */
export interface ServerSide {
  /** True if the connection closes with the server's process. */
  readonly diesWithServer: boolean
  /** Called when the last byte of the request has arrived. */
  received(): void
  /** Called when the connection is closed: a response would be lost. */
  closed(): void
}

/** Receives the outcome of an exchange: at most one call. */
export interface ExchangeListener {
  onResponse(response: HttpResponse): void
  onFailure(failure: HttpFailure): void
}

/** The part that the exchanges of one device share. */
export interface ExchangePath {
  readonly clock: Clock
  readonly proxy: LinkProxy
  readonly accept: Accept
  /** Receives one line for each refused connection. */
  readonly trace: ((what: string) => void) | undefined
  /** Returns a random latency of one hop, in milliseconds. */
  readonly delay: () => number
  /** Exchanges with a connection that can break. */
  readonly open: Set<Exchange>
  /** Exchanges to which the server has not responded yet. */
  readonly served: Set<Exchange>
}

/** A request and its response, over a connection of their own. */
export class Exchange {
  readonly #request: HttpRequest
  readonly #listener: ExchangeListener
  readonly #path: ExchangePath
  #connection: Connection | undefined
  #server: ServerSide | undefined
  #response: HttpResponse | undefined
  #bytesToServer: number
  #responseLength = 0
  #bytesReceived = 0
  /** The listener has been called, or the client has hung up. */
  #over = false

  constructor(request: HttpRequest, listener: ExchangeListener, path: ExchangePath) {
    this.#request = request
    this.#listener = listener
    this.#path = path
    this.#bytesToServer = messageLength((request.body ?? '') + request.path)
  }

  /** Opens the connection and sends the request, whose bytes pass the link's toxics. */
  connect(enabled: boolean): void {
    if (this.#over) return
    if (!enabled) {
      this.#path.trace?.('connection refused')
      this.#finish(() => this.#listener.onFailure('refused'))
      return
    }
    const { clock, proxy, accept, delay, open, served } = this.#path
    open.add(this)
    this.#connection = proxy.connect({
      client: delayedSink(this.#clientSink(), clock, delay),
      server: delayedSink(this.#serverSink(), clock, delay),
    })
    this.#server = accept(this.#request, {
      respond: (response) => this.#respond(response),
      close: () => this.dropServer(),
    })
    // Toxiproxy accepts the connection, cannot reach the server, and closes the connection again.
    if (!this.#server) this.#connection.server.end()
    else if (this.#server.diesWithServer) served.add(this)
    this.#connection.client.write(new MessageSlice(this.#bytesToServer))
  }

  /** Ends the exchange because the client gave up. Does not call the listener. */
  hangUp(): void {
    this.#finish(() => this.#connection?.client.end())
  }

  /** Ends the exchange as failed, because its connection broke. */
  breakOff(): void {
    this.#finish(() => this.#listener.onFailure(this.#bytesReceived > 0 ? 'cut' : 'reset'))
  }

  /** Closes the server's end. What the server has sent is still on its way. */
  dropServer(): void {
    this.#connection?.server.end()
  }

  #clientSink(): Sink {
    return {
      write: (chunk) => this.#onResponseBytes(chunk),
      end: () => this.breakOff(),
      reset: () => this.breakOff(),
    }
  }

  #serverSink(): Sink {
    return {
      write: (chunk) => this.#onRequestBytes(chunk),
      end: () => this.#onServerClosed(),
      reset: () => this.#onServerClosed(),
    }
  }

  #onRequestBytes(chunk: Chunk): void {
    this.#bytesToServer -= chunk.length
    if (this.#bytesToServer <= 0) this.#server?.received()
  }

  #respond(response: HttpResponse): void {
    if (!this.#connection) return
    this.#response = response
    this.#responseLength = messageLength(response.body)
    this.#connection.server.write(new MessageSlice(this.#responseLength))
    this.#connection.server.end()
    this.#path.served.delete(this)
  }

  #onResponseBytes(chunk: Chunk): void {
    this.#bytesReceived += chunk.length
    const response = this.#response
    if (!response || this.#bytesReceived < this.#responseLength) return
    this.#finish(() => this.#listener.onResponse(response))
    this.#connection?.client.end()
  }

  #onServerClosed(): void {
    this.#server?.closed()
    this.#path.served.delete(this)
  }

  #finish(outcome: () => void): void {
    if (this.#over) return
    this.#over = true
    this.#path.open.delete(this)
    outcome()
  }
}
