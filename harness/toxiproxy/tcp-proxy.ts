import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { messageOf, Problem } from '../core/problem.ts'
import type { LinkProxy } from '../link/proxy.ts'
import { type Address, formatAddress, resolveAddress, splitAddress } from './address.ts'
import { pipe } from './pipe.ts'

/** The API's texts for errors of listening, by Node's error code. */
const BIND_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
}

export interface ProxyFields {
  readonly name: string
  readonly listen: string
  readonly upstream: string
}

/** A listening port whose connections pass through toxics to an upstream. */
export class TcpProxy {
  readonly name: string
  /** The configured address until the proxy first starts, then the actual one. */
  listen: string
  upstream: string
  readonly link: LinkProxy
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()

  constructor({ name, listen, upstream }: ProxyFields, link: LinkProxy) {
    this.name = name
    this.listen = listen
    this.upstream = upstream
    this.link = link
  }

  get enabled(): boolean {
    return this.#server !== undefined
  }

  /** Returns true if these settings need a restart. Throws a Problem for an invalid `listen`. */
  async differs({ listen, upstream }: Omit<ProxyFields, 'name'>): Promise<boolean> {
    return formatAddress(await resolveAddress(listen)) !== this.listen || upstream !== this.upstream
  }

  /** Does nothing if it is running. Throws a Problem with the API's text if it cannot listen. */
  async start(): Promise<void> {
    if (this.#server) return
    let address: Address
    try {
      address = await resolveAddress(this.listen)
    } catch (cause) {
      throw new Problem(`listen tcp: ${messageOf(cause)}`)
    }
    this.#server = await this.#bind(address)
    const { address: host, port } = this.#server.address() as AddressInfo
    this.listen = formatAddress({ host, port })
  }

  /** Closes all connections and the port. */
  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    this.link.closeAll()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #bind(address: Address): Promise<Server> {
    const server = createServer(
      { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
      (client) => this.#accept(client),
    )
    // For all addresses, Go and Node listen on IPv6 with IPv4 included, if the machine has IPv6.
    const everywhere = address.host === '' || address.host === '0.0.0.0'
    server.listen({ port: address.port, ...(!everywhere && { host: address.host }) })
    try {
      await once(server, 'listening')
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? ''
      throw new Problem(
        `listen tcp ${formatAddress(address)}: bind: ${BIND_ERRORS[code] ?? messageOf(cause)}`,
        { cause },
      )
    }
    // The failure of one connection (too many open files) must not end the process.
    server.on('error', () => {})
    return server
  }

  #accept(client: Socket): void {
    this.#track(client)
    const server = this.#dialUpstream()
    if (!server) {
      client.destroy()
      return
    }
    // If the upstream cannot be reached, the client's connection is closed, too.
    const closeClient = () => client.destroy()
    server.once('error', closeClient)
    server.once('connect', () => {
      server.off('error', closeClient)
      if (!this.enabled || client.destroyed) server.destroy()
      else pipe(this.link, client, server)
    })
  }

  /** Returns a socket that is connecting, or undefined if the upstream is not an address. */
  #dialUpstream(): Socket | undefined {
    let to: Address
    try {
      to = splitAddress(this.upstream)
    } catch {
      return undefined
    }
    const { host, port } = to
    const socket = connect({
      host: host || 'localhost',
      port,
      allowHalfOpen: true,
      noDelay: true,
    })
    this.#track(socket)
    return socket
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
