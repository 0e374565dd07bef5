import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import type { HttpFailure } from '../../../core/ports/http.ts'
import {
  bodyLength,
  endToEnd,
  headerPairs,
  joinedHeaders,
  type RawHeaders,
  requestHeaders,
  upgradeHeaders,
} from './headers.ts'
import type { Tunnel } from './tunnel.ts'

/** A whole request that has arrived at a relay. */
export interface ArrivedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly rawHeaders: RawHeaders
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** True if it asks for a WebSocket. */
  readonly isUpgrade: boolean
}

/** The connection that an exchange came in on, and the one to the server that belongs to it. */
export interface ExchangeConnection {
  /** The options of a request to the server. */
  readonly upstream: { readonly host: string; readonly port: number; readonly agent: Agent }
  /** Breaks the sender's connection. */
  breakIncoming(): void
  /** Breaks the sender's connection as the server's has broken, after what is to be sent still. */
  breakLikeUpstream(): void
  /** Must be called when nothing more happens to an exchange. */
  ended(exchange: Exchange): void
  /**
   * Sends the head of a 101. From now on the connection carries bytes: `begin` is called with the
   * tunnel, and must begin it with the bytes that the sender has sent already.
   */
  upgrade(head: Buffer, server: Socket, begin: (tunnel: Tunnel, early: Buffer) => void): void
}

/** Begins a tunnel, with the bytes that have arrived already. */
export type TunnelStart = (tunnel: Tunnel, fromSender: Buffer, fromServer: Buffer) => void

/** A whole response of the server. */
export interface OwnResponse {
  readonly status: number
  readonly reason: string
  readonly rawHeaders: RawHeaders
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A response that has been passed on while it arrived. */
export interface StreamedResponse extends Pick<OwnResponse, 'status' | 'headers'> {
  /** The length of the whole body. */
  readonly bytes: number
  /** The beginning of the body, as it was sent: it may be encoded. */
  readonly beginning: Buffer
}

/** In bytes: more than a history shows of a body. */
const BEGINNING_MAX = 8 * 1024
/** In bytes: more than any server responds at once. Such a response counts as cut. */
const COLLECTED_MAX = 256 * 1024 * 1024

/** Receives what becomes of a forwarded request. After `failed` or `closed` nothing follows. */
export interface ExchangeListener {
  /** The last byte of the request is on its way to the server. */
  sent?(): void
  /**
   * The head of the server's response has arrived: call `stream` or `collect`, and for a 101 to a
   * request for a WebSocket `tunnel`.
   */
  answered(status: number, headers: Readonly<Record<string, string>>): void
  /** The last bytes of a streamed response are about to be passed on. */
  completing?(response: StreamedResponse): void
  /** No whole response has arrived. The sender's connection is about to break in the same way. */
  failed?(failure: Extract<HttpFailure, 'refused' | 'reset' | 'cut'>): void
  /** The sender has closed its connection before it had the whole response. */
  closed?(): void
}

/**
 * A request and its response on their way through a relay.
 *
 * ```
 * arrived ─forward▶ forwarded ─head▶ answering ─stream▶ passing ─end▶ over
 *    │                                   ├─collect▶ answered ─┐
 *    │                                   └─tunnel─────────────│─────▶ over
 *    └──────────────────────────────────────────────────send──┴─────▶ over
 * ```
 */
export class Exchange {
  readonly request: ArrivedRequest
  readonly #connection: ExchangeConnection
  readonly #response: ServerResponse
  #listener: ExchangeListener | undefined
  #state: 'arrived' | 'forwarded' | 'answering' | 'passing' | 'answered' | 'over' = 'arrived'
  #outgoing: ClientRequest | undefined
  #own: IncomingMessage | undefined
  /** The server's connection after its 101, with the bytes that followed. */
  #upgraded: { readonly socket: Socket; readonly rest: Buffer } | undefined
  /** True if the sender's connection is closed: what the server responds is dropped. */
  #isClosed = false

  constructor(arrived: ArrivedRequest, response: ServerResponse, connection: ExchangeConnection) {
    this.request = arrived
    this.#response = response
    this.#connection = connection
    response.sendDate = false
    response.on('finish', () => this.#end())
    response.on('error', () => this.breakOff())
  }

  listen(listener: ExchangeListener): void {
    this.#listener = listener
  }

  /** True until the request is forwarded, or responded to without the server. */
  get isWaiting(): boolean {
    return this.#state === 'arrived'
  }

  /** Sends the request to the server. */
  forward(rawHeaders = this.request.rawHeaders): void {
    if (this.#state !== 'arrived') return
    this.#state = 'forwarded'
    const { method, path, body, isUpgrade } = this.request
    const keepsAlive = this.#response.shouldKeepAlive && !this.#isClosed
    try {
      const outgoing = request({
        ...this.#connection.upstream,
        method,
        path,
        headers: isUpgrade
          ? upgradeHeaders(rawHeaders)
          : requestHeaders(method, rawHeaders, { keepsAlive }),
      })
      this.#outgoing = outgoing
      outgoing.on('finish', () => this.#listener?.sent?.())
      outgoing.on('response', (own) => this.#onHead(own))
      if (isUpgrade)
        outgoing.on('upgrade', (own, socket, rest) => this.#onUpgrade(own, socket, rest))
      let bytesBefore = 0
      outgoing.on('socket', (socket) => {
        bytesBefore = socket.bytesRead
      })
      outgoing.on('error', (error) => {
        const isCut = (outgoing.socket?.bytesRead ?? 0) > bytesBefore
        this.#fail(isCut ? 'cut' : failureOf(error))
      })
      outgoing.end(body)
    } catch {
      // Node refuses to send what it has read: a header that is not allowed, for example.
      process.nextTick(() => this.#fail('reset'))
    }
  }

  /** True if the server has sent its whole response. */
  get isAnsweredWhole(): boolean {
    return this.#own?.complete === true
  }

  /**
   * Passes the server's response on while it arrives. `beforeEach` must call back before each part
   * of the body is passed on.
   */
  stream(beforeEach?: (pass: () => void) => void): void {
    const own = this.#own
    if (this.#state !== 'answering' || !own) return
    this.#state = 'passing'
    const response = this.#response
    if (!this.#writeHead(own)) return
    const length = bodyLength(this.request.method, own.statusCode ?? 0, own.headers)
    // With the first bytes of the body, if these come at once.
    if (length !== 0) setImmediate(() => this.#state === 'passing' && response.flushHeaders())
    const beginning: Buffer[] = []
    let bytes = 0
    let isComplete = false
    const complete = () => {
      if (isComplete || this.#state !== 'passing') return
      isComplete = true
      this.#listener?.completing?.({
        status: own.statusCode ?? 0,
        headers: joinedHeaders(own.headers),
        bytes,
        beginning: Buffer.concat(beginning),
      })
    }
    const pass = (chunk: Buffer) => {
      if (bytes === length) complete()
      if (response.write(chunk)) return
      own.pause()
      response.once('drain', () => own.resume())
    }
    // A stream that is paused within its last chunk ends all the same.
    let waiting = 0
    let hasEnded = false
    const finish = () => {
      if (waiting > 0) return
      complete()
      if (this.#state !== 'passing') return
      this.#state = 'answered'
      if (own.rawTrailers.length > 0 && response.chunkedEncoding)
        response.addTrailers(headerPairs(own.rawTrailers))
      response.end()
    }
    own.on('data', (chunk: Buffer) => {
      if (bytes < BEGINNING_MAX) beginning.push(chunk.subarray(0, BEGINNING_MAX - bytes))
      bytes += chunk.length
      if (!beforeEach) pass(chunk)
      else {
        own.pause()
        waiting++
        beforeEach(() => {
          waiting--
          if (this.#state !== 'passing') return
          own.resume()
          pass(chunk)
          if (hasEnded) finish()
        })
      }
    })
    own.on('end', () => {
      hasEnded = true
      finish()
    })
    if (length === 0) own.resume()
  }

  /** Reads the server's whole response without passing it on. */
  collect(then: (own: OwnResponse) => void): void {
    const own = this.#own
    if (this.#state !== 'answering' || !own) return
    const chunks: Buffer[] = []
    let bytes = 0
    own.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > COLLECTED_MAX) own.destroy()
      else chunks.push(chunk)
    })
    own.on('end', () => {
      if (this.#state !== 'answering') return
      this.#state = 'answered'
      then({
        status: own.statusCode ?? 0,
        reason: own.statusMessage ?? '',
        rawHeaders: own.rawHeaders,
        headers: joinedHeaders(own.headers),
        body: Buffer.concat(chunks),
      })
    })
  }

  /**
   * Passes the server's 101 on. Returns false if there is none. The bytes that follow on both sides
   * are the tunnel's, which `begin` must begin.
   */
  tunnel(begin: TunnelStart): boolean {
    const [own, upgraded] = [this.#own, this.#upgraded]
    if (this.#state !== 'answering' || !own || !upgraded) return false
    this.#state = 'over'
    const { socket, rest } = upgraded
    const lines = headerPairs(own.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `HTTP/1.1 101 ${own.statusMessage}\r\n${lines.join('')}\r\n`
    this.#connection.upgrade(Buffer.from(head, 'latin1'), socket, (tunnel, early) =>
      begin(tunnel, early, rest),
    )
    this.#connection.ended(this)
    return true
  }

  /** Sends a whole response: the server's own after `collect`, or another one. */
  send(status: number, reason: string, rawHeaders: RawHeaders, body: Buffer): void {
    if (this.#state === 'over' || this.#isClosed) return
    this.#state = 'answered'
    if (this.#outgoing?.shouldKeepAlive === false) this.#response.shouldKeepAlive = false
    try {
      this.#response.writeHead(status, reason, endToEnd(rawHeaders)).end(body)
    } catch {
      this.breakOff()
    }
  }

  /** Breaks the sender's connection. */
  breakOff(): void {
    this.#end()
    this.#connection.breakIncoming()
  }

  /** Breaks the sender's connection, which counts as a failure of the network. */
  reset(): void {
    if (this.#state === 'over') return
    const isClosed = this.#isClosed
    this.breakOff()
    // The request may still wait for the connection to the server.
    this.#outgoing?.destroy()
    if (!isClosed) this.#listener?.failed?.('reset')
  }

  /** Must be called when the sender's connection is closed. */
  closed(): void {
    if (this.#state === 'over') return
    this.#isClosed = true
    this.#listener?.closed?.()
    // A request that waits may still be forwarded.
    if (this.#state !== 'arrived') this.#end()
  }

  #onHead(own: IncomingMessage): void {
    this.#own = own
    own.on('error', () => this.#fail('cut'))
    own.on('close', () => {
      if (!own.complete) this.#fail('cut')
    })
    if (this.#state !== 'forwarded' || this.#isClosed) {
      own.resume()
      this.#end()
      return
    }
    this.#state = 'answering'
    this.#listener?.answered(own.statusCode ?? 0, joinedHeaders(own.headers))
  }

  #onUpgrade(own: IncomingMessage, socket: Socket, rest: Buffer): void {
    this.#own = own
    this.#upgraded = { socket, rest }
    if (this.#state !== 'forwarded' || this.#isClosed) {
      socket.destroy()
      this.#end()
      return
    }
    this.#state = 'answering'
    this.#listener?.answered(own.statusCode ?? 0, joinedHeaders(own.headers))
  }

  #writeHead(own: IncomingMessage): boolean {
    const response = this.#response
    if (!this.#outgoing?.shouldKeepAlive) response.shouldKeepAlive = false
    // A body without a length completes with the connection's close. Node would make it chunked.
    response.useChunkedEncodingByDefault = false
    try {
      response.writeHead(own.statusCode ?? 0, own.statusMessage, endToEnd(own.rawHeaders))
      return true
    } catch {
      this.#fail('cut')
      return false
    }
  }

  /** True while the server has not responded: the sender's connection closes with the server's. */
  get #needsServer(): boolean {
    return this.#state === 'forwarded' || this.#state === 'answering' || this.#state === 'passing'
  }

  #fail(failure: 'refused' | 'reset' | 'cut'): void {
    if (!this.#needsServer) return
    const isPassing = this.#state === 'passing'
    this.#end()
    if (this.#isClosed) return
    this.#listener?.failed?.(failure)
    // The sender must get what has arrived, as it would without the relay.
    if (isPassing && this.#response.socket) this.#response.flushHeaders()
    this.#connection.breakLikeUpstream()
  }

  #end(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#connection.ended(this)
  }
}

/** Before the response's head: refused if no connection was made, otherwise reset. */
function failureOf(error: NodeJS.ErrnoException): 'refused' | 'reset' {
  return error.syscall === 'connect' ? 'refused' : 'reset'
}
