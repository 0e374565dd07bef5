import type * as net from 'node:net'
import type { ByteStream } from '../../../core/ports/stream.ts'
import type { Life } from '../life.ts'
import { type HostedSocket, LOCALHOST, type NetworkError, networkError } from './socket.ts'
import { streamPair } from './stream-pair.ts'

/** The port that the first `listen(0)` gets. */
const FREE_PORT = 50_000
/** The first port from which the devices seem to connect. */
const REMOTE_PORT = 40_000
/** The names of the machine on which the server runs, and the host of its origin. */
const OWN_NAMES = new Set(['localhost', LOCALHOST, '0.0.0.0', '::1', '::', 'server.test'])

export const isOwnName = (host: string): boolean =>
  OWN_NAMES.has(host.toLowerCase().replace(/^\[|\]$/g, ''))

interface ListenerOptions {
  readonly life: Life
  /** The port that the devices connect to: PORT in the server's environment. */
  readonly port: number
  readonly newSocket: (options: { readonly allowHalfOpen: boolean }) => HostedSocket
}

/** The part of Node's net.Server that accepts connections. */
type Bound = net.Server & {
  _connections: number
  _emitCloseIfDrained(): void
  readonly allowHalfOpen?: boolean
  readonly isTls?: boolean
}

/** The servers of one incarnation that listen, by their ports. */
export class Listeners {
  readonly #options: ListenerOptions
  readonly #byPort = new Map<number, Bound>()
  /** Connections that came before the server listened. */
  #early: ByteStream[] = []
  #lastRemotePort = REMOTE_PORT
  #nextFreePort = FREE_PORT
  /** Called once, when a server listens on the port of the devices. */
  onListening: () => void = () => {}

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** The server that gets the devices' connections. */
  get main(): net.Server | undefined {
    const { port } = this.#options
    // A server that ignores PORT, and is the only one, is meant all the same.
    const only = this.#byPort.size === 1 ? [...this.#byPort.values()][0] : undefined
    return this.#byPort.get(port) ?? only
  }

  /** Passes a connection from outside to the server, now or when it listens. */
  accept(stream: ByteStream): void {
    const { main } = this
    if (main) this.#pass(main as Bound, stream, this.#options.port)
    else this.#early.push(stream)
  }

  /** Opens a connection from the server to itself. */
  dial(port: number): ByteStream | NetworkError {
    const server = this.#byPort.get(port)
    if (!server) return networkError('ECONNREFUSED', 'connect', `${LOCALHOST}:${port}`)
    const [near, far] = streamPair()
    this.#pass(server, far, port)
    return near
  }

  /** Binds a server. Returns the port; undefined if it is taken. */
  bind(server: net.Server, wanted: number): number | undefined {
    const port = wanted === 0 ? this.#nextFreePort++ : wanted
    if (this.#byPort.has(port)) return undefined
    this.#byPort.set(port, server as Bound)
    return port
  }

  unbind(port: number): void {
    this.#byPort.delete(port)
  }

  /** Must be called when a server has begun to listen. */
  listening(): void {
    if (!this.main) return
    this.onListening()
    const early = this.#early
    this.#early = []
    for (const stream of early) this.accept(stream)
  }

  #pass(server: Bound, stream: ByteStream, port: number): void {
    const socket = this.#options.newSocket({ allowHalfOpen: server.allowHalfOpen === true })
    socket.encrypted = server.isTls === true
    socket._server = server
    socket.server = server
    server._connections++
    socket.once('close', () => {
      server._connections--
      server._emitCloseIfDrained()
    })
    this.#options.life.run(() => {
      server.emit('connection', socket)
      socket.attach(stream, { local: port, remote: ++this.#lastRemotePort })
    })
  }
}
