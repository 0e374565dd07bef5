import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { messageOf, Problem } from '../core/problem.ts'
import type { LinkProxy } from '../link/proxy.ts'
import { type Address, formatAddress, resolveAddress, splitAddress } from './address.ts'
import { pipe } from './pipe.ts'

/** What each error of binding a socket is called in the API. */
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

/** A listening port whose connections go to an upstream through toxics. */
export class TcpProxy {
  readonly name: string
  /** As it was asked for until the proxy first starts, then the actual address. */
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

  /** Would these settings need a restart? Throws a Problem on a listen text that is no address. */
  async differs({ listen, upstream }: Omit<ProxyFields, 'name'>): Promise<boolean> {
    return formatAddress(await resolveAddress(listen)) !== this.listen || upstream !== this.upstream
  }

  /** A no-op when it runs. Throws a Problem with the API's text. */
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

  /** Breaks all connections and frees the port. */
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
    // Told to listen on all addresses, Go and Node take all of IPv6 with IPv4 included, where the machine has it.
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
    // Failures of single connections (out of file descriptors) must not end the process.
    server.on('error', () => {})
    return server
  }

  #accept(client: Socket): void {
    this.#keep(client)
    let to: Address
    try {
      to = splitAddress(this.upstream)
    } catch {
      client.destroy()
      return
    }
    const server = connect({
      host: to.host || 'localhost',
      port: to.port,
      allowHalfOpen: true,
      noDelay: true,
    })
    this.#keep(server)
    // No server, no connection: the client sees its own closed.
    const abandon = () => client.destroy()
    server.once('error', abandon)
    server.once('connect', () => {
      server.off('error', abandon)
      if (!this.enabled || client.destroyed) server.destroy()
      else pipe(this.link, client, server)
    })
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
