import { Agent, type IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Exchange, type ExchangeConnection } from './exchange.ts'
import { joinedHeaders } from './headers.ts'
import { BYTES_MAX, type RelayLimit, WAITING_BREAK, WAITING_MAX } from './limits.ts'
import { reset } from './secured.ts'
import { Tunnel } from './tunnel.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** The load that the connections of a relay share. */
export interface SharedLoad {
  /** The bytes of all requests that are read, or wait for their responses. */
  bytes: number
  /** Must be called for each socket that is opened. */
  onSocket(socket: Socket): void
  /** Must be called when a connection was broken for exceeding a limit. */
  onLimit(limit: RelayLimit): void
}

/**
 * A sender's connection to a relay, with the one connection to the server that belongs to it. If
 * one of them breaks, the other breaks in the same way: so a toxic acts on a connection as if there
 * were no relay.
 */
export class RelayConnection implements ExchangeConnection {
  readonly #incoming: Socket
  readonly #address: Address
  readonly #load: SharedLoad
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #exchanges = new Set<Exchange>()
  #upstream: Socket | undefined
  /** A connection to the server that no request has used yet. */
  #unused: Socket | undefined
  /** True if the connection closes with the server, also before a request is forwarded. */
  readonly #isTied: boolean
  #wasReset = false
  /** The bytes that the sender has sent after its request for a WebSocket. */
  #early: Buffer[] = []
  readonly #onEarly = (bytes: Buffer): void => {
    this.#early.push(bytes)
    // A sender has to wait for the response. The bytes that it sends now wait with it.
    this.#incoming.pause()
  }
  #tunnel: Tunnel | undefined

  /** @param isTied true: connects to the server at once, and closes with it */
  constructor(incoming: Socket, address: Address, isTied: boolean, load: SharedLoad) {
    this.#incoming = incoming
    this.#address = address
    this.#isTied = isTied
    this.#load = load
    incoming.setNoDelay(true)
    let incomingWasReset = false
    incoming.on('error', (error) => {
      incomingWasReset ||= isReset(error)
    })
    incoming.on('close', () => this.#onIncomingClosed(incomingWasReset))
    const agent = this.#agent as unknown as { createConnection(): Duplex }
    agent.createConnection = () => this.#take()
    if (isTied) this.#unused = this.#connect()
  }

  get upstream(): Address & { readonly agent: Agent } {
    return { ...this.#address, agent: this.#agent }
  }

  /** Reads a whole request, and passes it on. */
  read(
    incoming: IncomingMessage,
    response: ServerResponse,
    arrived: (exchange: Exchange) => void,
  ): void {
    const chunks: Buffer[] = []
    let bytes = 0
    const release = () => {
      this.#load.bytes -= bytes
      bytes = 0
    }
    response.on('close', release)
    // A connection that breaks within a request has its own listener.
    incoming.on('error', () => {})
    incoming.on('data', (chunk: Buffer) => {
      if (this.#incoming.destroyed) return
      bytes += chunk.length
      this.#load.bytes += chunk.length
      if (this.#load.bytes > BYTES_MAX) this.#exceed('bytes')
      else chunks.push(chunk)
    })
    incoming.on('end', () => {
      if (this.#incoming.destroyed) return
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks.splice(0))
      this.#arrive(incoming, response, body, arrived)
      const waiting = this.#exchanges.size
      if (waiting >= WAITING_BREAK) this.#exceed('requests')
      else if (waiting >= WAITING_MAX) this.#incoming.pause()
    })
  }

  /** Passes on a request for a WebSocket. `rest`: the bytes after it. */
  readUpgrade(
    incoming: IncomingMessage,
    rest: Buffer,
    arrived: (exchange: Exchange) => void,
  ): void {
    const socket = this.#incoming
    // A sender that still waits for other responses on this connection is none that we know.
    if (this.#exchanges.size > 0) {
      socket.destroy()
      return
    }
    // Until the server agrees, the response may be an ordinary one.
    const response = new ServerResponse(incoming)
    response.assignSocket(socket)
    response.shouldKeepAlive = false
    response.on('finish', () => socket.destroySoon())
    socket.on('drain', () => response.emit('drain'))
    this.#early = [rest]
    socket.on('data', this.#onEarly)
    socket.on('end', () => {
      if (!this.#tunnel) socket.destroySoon()
    })
    this.#arrive(incoming, response, Buffer.alloc(0), arrived)
  }

  upgrade(head: Buffer, server: Socket, begin: (tunnel: Tunnel, early: Buffer) => void): void {
    const socket = this.#incoming
    socket.off('data', this.#onEarly)
    socket.write(head)
    this.#tunnel = new Tunnel(socket, server, (bytes) => {
      this.#load.bytes += bytes
      if (bytes > 0 && this.#load.bytes > BYTES_MAX) this.#exceed('bytes')
    })
    begin(this.#tunnel, Buffer.concat(this.#early.splice(0)))
    if (server.destroyed) this.#tunnel.serverClosed(this.#wasReset)
  }

  breakIncoming(): void {
    this.#incoming.destroy()
  }

  breakLikeUpstream(): void {
    if (this.#wasReset) reset(this.#incoming)
    else this.#incoming.destroySoon()
  }

  ended(exchange: Exchange): void {
    this.#exchanges.delete(exchange)
    if (this.#exchanges.size === WAITING_MAX - 1) this.#incoming.resume()
    // The server has closed its connection meanwhile.
    if (this.#upstream?.destroyed && this.#exchanges.size === 0) this.breakLikeUpstream()
  }

  #arrive(
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    arrived: (exchange: Exchange) => void,
  ): void {
    const { method = 'GET', url = '/', rawHeaders } = incoming
    const headers = joinedHeaders(incoming.headers)
    const isUpgrade = headers.upgrade?.toLowerCase() === 'websocket'
    const request = { method, path: url, rawHeaders, headers, body, isUpgrade }
    const exchange = new Exchange(request, response, this)
    this.#exchanges.add(exchange)
    arrived(exchange)
  }

  #exceed(limit: RelayLimit): void {
    for (const exchange of [...this.#exchanges]) exchange.reset()
    this.#incoming.destroy()
    this.#load.onLimit(limit)
  }

  #take(): Socket {
    const socket = this.#unused ?? this.#connect()
    this.#unused = undefined
    return socket
  }

  #connect(): Socket {
    const socket = connect({ ...this.#address, noDelay: true })
    this.#upstream = socket
    this.#wasReset = false
    this.#load.onSocket(socket)
    socket.on('error', (error) => {
      this.#wasReset ||= isReset(error)
    })
    socket.on('close', () => this.#onUpstreamClosed())
    return socket
  }

  #onUpstreamClosed(): void {
    this.#unused = undefined
    if (this.#tunnel) {
      this.#tunnel.serverClosed(this.#wasReset)
      return
    }
    const exchanges = [...this.#exchanges]
    // The others notice it themselves, or no longer need the server.
    if (!exchanges.every(({ isWaiting }) => isWaiting)) return
    if (exchanges.length === 0 || this.#isTied) this.breakLikeUpstream()
  }

  #onIncomingClosed(wasReset: boolean): void {
    const upstream = this.#upstream
    if (this.#tunnel) {
      this.#tunnel.senderClosed(wasReset)
      return
    }
    for (const exchange of [...this.#exchanges]) exchange.closed()
    // The bytes that the sender has sent are on their way.
    if (wasReset) upstream?.resetAndDestroy()
    else upstream?.destroySoon()
  }
}

/** Returns true if the other side has reset the connection, rather than closed it. */
function isReset({ code, syscall }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' && syscall === 'read'
}
