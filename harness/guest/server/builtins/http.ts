import * as http from 'node:http'
import type { Socket as NodeSocket } from 'node:net'
import type { Clock } from '../../../core/ports/clock.ts'
import type { Life } from '../life.ts'
import { listen } from '../net/listen.ts'
import type { Listeners } from '../net/listeners.ts'
import type { HostedSocket } from '../net/socket.ts'

interface HttpPlace {
  readonly clock: Clock
  readonly life: Life
  readonly listeners: Listeners
  readonly connect: (options: object) => HostedSocket
}

type Listener = http.RequestListener

/** The module, as far as the harness itself uses it. */
interface HostedHttp {
  request(...args: unknown[]): http.ClientRequest
}

/**
 * Returns node:http and node:https with Node's own parser, on connections that are not the
 * machine's. A server of HTTPS gets plain HTTP: TLS ends before it.
 */
export function hostedHttp(place: HttpPlace): { http: HostedHttp; https: HostedHttp } {
  const ServerResponse = hostedResponse(place.clock)
  const Server = hostedServer(place, ServerResponse, false)
  const HttpsServer = hostedServer(place, ServerResponse, true)
  class Agent extends http.Agent {
    override createConnection(options: object): NodeSocket {
      return place.connect(options) as unknown as NodeSocket
    }
  }
  class HttpsAgent extends Agent {
    readonly defaultPort = 443
    readonly protocol = 'https:'
  }
  const exported = (ServerClass: typeof Server, AgentClass: typeof Agent, isTls: boolean) => {
    const globalAgent = new AgentClass({ keepAlive: false })
    class ClientRequest extends http.ClientRequest {
      constructor(...args: unknown[]) {
        super(...(withAgent(args, globalAgent, isTls) as [http.ClientRequestArgs]))
      }
    }
    const request = (...args: unknown[]): http.ClientRequest => new ClientRequest(...args)
    const get = (...args: unknown[]) => {
      const sent = request(...args)
      sent.end()
      return sent
    }
    const createServer = (...args: unknown[]) => new ServerClass(...args)
    return {
      ...http,
      ...{ Server: ServerClass, createServer, ServerResponse },
      ...{ Agent: AgentClass, globalAgent, ClientRequest, request, get },
    }
  }
  return { http: exported(Server, Agent, false), https: exported(HttpsServer, HttpsAgent, true) }
}

/** Returns the arguments of http.request with `agent` as the default. */
function withAgent(args: readonly unknown[], agent: http.Agent, isTls: boolean): unknown[] {
  const callback = args.find((each) => typeof each === 'function')
  const [input, more] = args.filter((each) => typeof each !== 'function')
  const isUrl = typeof input === 'string' || input instanceof URL
  const options = {
    ...(isTls && { protocol: 'https:', port: 443 }),
    ...(isUrl ? urlOptions(new URL(input)) : (input as object | undefined)),
    ...(more as object | undefined),
    _defaultAgent: agent,
  }
  return callback ? [options, callback] : [options]
}

function urlOptions({ protocol, hostname, pathname, search, port, username, password }: URL) {
  const user = decodeURIComponent(username)
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    path: `${pathname}${search}`,
    ...(port !== '' && { port: Number(port) }),
    ...(user !== '' && { auth: `${user}:${decodeURIComponent(password)}` }),
  }
}

/** Node's own response would state the machine's time in its Date header. */
function hostedResponse(clock: Clock) {
  interface Internals {
    _storeHeader(firstLine: string, headers: unknown): void
  }
  const base = http.ServerResponse.prototype as unknown as Internals
  class ServerResponse extends http.ServerResponse {
    _storeHeader(firstLine: string, headers: unknown): void {
      const isDated = !this.sendDate || this.hasHeader('date') || hasDate(headers)
      this.sendDate = false
      const date = `Date: ${new Date(clock.wall()).toUTCString()}\r\n`
      base._storeHeader.call(this, isDated ? firstLine : `${firstLine}${date}`, headers)
    }
  }
  return ServerResponse
}

/** Reads the headers of writeHead: an object, or a list of names and values or of pairs. */
function hasDate(headers: unknown): boolean {
  const names = Array.isArray(headers) ? headers.flat() : Object.keys(headers ?? {})
  return names.some((name) => typeof name === 'string' && name.toLowerCase() === 'date')
}

function hostedServer(
  place: HttpPlace,
  ServerResponse: ReturnType<typeof hostedResponse>,
  isTls: boolean,
) {
  return class Server extends http.Server {
    readonly allowHalfOpen = true
    readonly isTls = isTls
    /** The connections that speak HTTP, with the number of requests under way. */
    readonly #connections = new Map<NodeSocket, number>()

    constructor(...args: unknown[]) {
      const [options, listener] =
        typeof args[0] === 'function' ? [{}, args[0]] : [args[0] ?? {}, args[1]]
      super({ ServerResponse, ...(options as object) } as http.ServerOptions, listener as Listener)
      // Node would watch its connections with a timer of the machine.
      this.removeAllListeners('listening')
    }

    // Not with listeners: Node asks whether anybody listens to 'upgrade'.
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      this.#see(event, args)
      return super.emit(event as string, ...args)
    }

    override listen(...args: unknown[]): this {
      listen(this, args, place)
      return this
    }

    override closeAllConnections(): void {
      for (const socket of this.#connections.keys()) socket.destroy()
    }

    override closeIdleConnections(): void {
      for (const [socket, requests] of this.#connections) if (requests === 0) socket.destroy()
    }

    #see(event: string | symbol, [first, second]: readonly unknown[]): void {
      if (event === 'connection') {
        const socket = first as NodeSocket
        this.#connections.set(socket, 0)
        socket.once('close', () => this.#connections.delete(socket))
      } else if (event === 'request') {
        const { socket } = first as http.IncomingMessage
        this.#count(socket, 1)
        ;(second as http.ServerResponse).once('close', () => this.#count(socket, -1))
      } else if (event === 'upgrade' || event === 'connect')
        this.#connections.delete((first as http.IncomingMessage).socket)
    }

    #count(socket: NodeSocket, change: number): void {
      const requests = this.#connections.get(socket)
      if (requests !== undefined) this.#connections.set(socket, requests + change)
    }
  }
}
