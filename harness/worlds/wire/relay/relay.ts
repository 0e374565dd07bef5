import { once } from 'node:events'
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { headBytes } from '../../../codec/http1-head.ts'
import { type Address, RelayConnection, type SharedLoad } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { withoutUpgrade } from './headers.ts'
import { CONNECTIONS_MAX, type RelayLimit } from './limits.ts'
import { encryption } from './secured.ts'

const HOST = '127.0.0.1'
/** In bytes: larger than the limit of any server, which refuses by itself. */
const HEADERS_MAX = 1024 * 1024

export interface RelayOptions {
  /** The server, or what leads to it. */
  readonly upstream: Address
  /**
   * Returns true if a new connection belongs to the server: it is refused or closed with it.
   * Otherwise the server is connected when the first request is forwarded.
   */
  isTied(): boolean
  /** Called for each whole request. Must call `exchange.listen` before `exchange.forward`. */
  onRequest(exchange: Exchange): void
  /** Called the first time that the sender exceeds a limit. */
  onLimit?(limit: RelayLimit): void
  /** Encrypts the sender's connections. Default: they are not encrypted. */
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined
}

/**
 * An HTTP/1.1 relay on a loopback port. Requests are read whole; responses are passed on while they
 * arrive, and a connection that becomes a WebSocket carries its bytes through a {@link Tunnel}.
 * Each connection to the relay has one connection to the server.
 */
export class Relay {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  /** Listens on a port that the system chooses: it listens as long as the port is needed. */
  static async open({
    upstream,
    isTied,
    onRequest,
    onLimit,
    certificate,
  }: RelayOptions): Promise<Relay> {
    const sockets = new Set<Socket>()
    const connections = new WeakMap<Socket, RelayConnection>()
    const keep = (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    const exceeded = new Set<RelayLimit>()
    const load: SharedLoad = {
      bytes: 0,
      onSocket: keep,
      onLimit: (limit) => {
        if (!exceeded.has(limit)) onLimit?.(limit)
        exceeded.add(limit)
      },
    }
    const server = createServer({
      noDelay: true,
      keepAliveTimeout: 0,
      headersTimeout: 0,
      requestTimeout: 0,
      // A request without Host is the server's to refuse.
      requireHostHeader: false,
      maxHeaderSize: HEADERS_MAX,
    })
    server.maxHeadersCount = 0
    server.on('connection', (socket) => {
      if (connections.has(socket)) return
      keep(socket)
      connections.set(socket, new RelayConnection(socket, upstream, isTied(), load))
    })
    const onIncoming = (request: IncomingMessage, response: ServerResponse) => {
      connections.get(request.socket)?.read(request, response, onRequest)
    }
    server.on('request', onIncoming)
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue()
      onIncoming(request, response)
    })
    server.on('checkExpectation', onIncoming)
    server.on('upgrade', (request: IncomingMessage, socket: Socket, rest: Buffer) => {
      if (request.headers.upgrade?.toLowerCase() === 'websocket')
        connections.get(socket)?.readUpgrade(request, rest, onRequest)
      else {
        socket.unshift(Buffer.concat([requestBytes(request), rest]))
        server.emit('connection', socket)
      }
    })
    // Anything but HTTP breaks its connection.
    server.on('clientError', (_error, socket) => socket.destroy())
    const listener = certificate ? encrypted(server, certificate, keep) : server
    listener.maxConnections = CONNECTIONS_MAX
    listener.on('drop', () => load.onLimit('connections'))
    listener.listen({ host: HOST, port: 0 })
    await once(listener, 'listening')
    listener.on('error', () => {})
    return new Relay(listener, sockets)
  }

  /** Closes the port and all connections. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

/** Returns a server that passes connections to `server` once they are encrypted. */
function encrypted(
  server: HttpServer,
  certificate: NonNullable<RelayOptions['certificate']>,
  keep: (socket: Socket) => void,
): Server {
  const encrypt = encryption(certificate)
  return createTcpServer((socket) => {
    keep(socket)
    const secured = encrypt(socket)
    // A sender that does not trust the certificate hangs up.
    secured.on('error', () => {})
    secured.once('secure', () => server.emit('connection', secured))
  })
}

/** Returns the head of a request as if it had not offered another protocol. */
function requestBytes({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage) {
  const headers = withoutUpgrade(rawHeaders)
  return headBytes({
    kind: 'request',
    method,
    path: url,
    version: `HTTP/${httpVersion}`,
    headers,
  })
}
