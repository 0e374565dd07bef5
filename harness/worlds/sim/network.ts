import type { Clock } from '../../core/ports/clock.ts'
import type { HttpRequest } from '../../core/ports/http.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import type { Random } from '../../core/random.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import { type AcceptStream, ByteConnection } from './byte-connection.ts'
import { type Accept, Exchange, type ExchangeListener, type ExchangePath } from './exchange.ts'

/** Latency of the network on either side of a link. The seed decides each value. */
const HOP_MS = { least: 8, most: 25 }

export interface NetworkOptions {
  readonly clock: Clock
  readonly random: Random
  readonly proxy: LinkProxy
  readonly accept: Accept
  readonly acceptStream: AcceptStream
  readonly trace: ((what: string) => void) | undefined
}

/** The network of a device: each request goes through the link's proxy over its own connection. */
export class Network {
  readonly #path: ExchangePath
  readonly #acceptStream: AcceptStream
  /** Connections of bytes that can break. */
  readonly #connections = new Set<ByteConnection>()
  #enabled = true

  constructor({ clock, random, proxy, accept, acceptStream, trace }: NetworkOptions) {
    this.#acceptStream = acceptStream
    this.#path = {
      clock,
      proxy,
      accept,
      trace,
      delay: () => random.int(HOP_MS.least, HOP_MS.most),
      open: new Set(),
      served: new Set(),
    }
  }

  /** If false, breaks all connections and refuses new ones. */
  enable(enabled: boolean): void {
    this.#path.trace?.(enabled ? 'enabled' : 'disabled')
    this.#enabled = enabled
    if (!enabled) this.breakAll()
  }

  /** Sends a request. Returns the function that hangs up. */
  send(request: HttpRequest, listener: ExchangeListener): () => void {
    const { clock, delay } = this.#path
    const exchange = new Exchange(request, listener, this.#path)
    clock.after(delay(), () => exchange.connect(this.#enabled))
    return () => exchange.hangUp()
  }

  /** Opens a connection of bytes, which is in `open` for as long as it can be hung up. */
  connect(open: Set<ByteConnection>): ByteStream {
    const connection: ByteConnection = new ByteConnection({
      ...this.#path,
      accept: this.#acceptStream,
      isEnabled: () => this.#enabled,
      onOver: () => {
        open.delete(connection)
        this.#connections.delete(connection)
      },
    })
    open.add(connection)
    this.#connections.add(connection)
    return connection.stream
  }

  /** Breaks every connection, as a disabled proxy does. */
  breakAll(): void {
    this.#path.proxy.closeAll()
    for (const exchange of [...this.#path.open]) exchange.breakOff()
    for (const connection of [...this.#connections]) connection.breakOff()
  }

  /** Closes the server's end of every connection, as the death of its process does. */
  dropServer(): void {
    for (const exchange of [...this.#path.served]) exchange.dropServer()
    this.#path.served.clear()
  }
}
