import type { Replacement } from '../../core/interception.ts'
import type { HttpRequest, HttpResponse } from '../../core/ports/http.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { marksInRequest } from '../../core/request-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { passThroughGateway } from '../../gateway/gateway-stream.ts'
import type { Passage } from '../../gateway/passage.ts'
import { replacedResponse } from '../../gateway/replaced-response.ts'
import type { AcceptStream } from './byte-connection.ts'
import type { Accept, ResponseLine, ServerSide } from './exchange.ts'
import type { SimServer } from './server.ts'

/**
 * The gateway between one device's link and the server, on whole requests and on
 * connections of bytes. A connection that comes
 * in while something is intercepted belongs to the gateway, as on the wire: it outlives the server.
 */
export class GatewayDoor {
  readonly #device: string
  readonly #gateway: Gateway
  readonly #accept: Accept
  readonly #connect: () => ByteStream | undefined
  /** The requests that the server has, and has not responded to. */
  readonly #forwarded = new Set<ResponseLine>()

  constructor(device: string, gateway: Gateway, server: Pick<SimServer, 'accept' | 'connect'>) {
    this.#device = device
    this.#gateway = gateway
    this.#accept = server.accept
    this.#connect = server.connect
  }

  readonly accept: Accept = (request, line) => {
    const isOwn = this.#gateway.isActive
    let passage: Passage | undefined
    let own: HttpResponse | undefined
    const toGateway: ResponseLine = {
      respond: (response) => {
        own = response
        this.#forwarded.delete(line)
        passage?.answered(response.status)
      },
      close: () => {
        this.#forwarded.delete(line)
        line.close()
      },
    }
    let server: ServerSide | undefined
    if (!isOwn) {
      server = this.#accept(request, toGateway)
      if (!server) return undefined
    }
    const forward = () => {
      if (isOwn) server = this.#accept(request, toGateway)
      if (!server) return line.close()
      if (isOwn) this.#forwarded.add(line)
      server.received()
    }
    const carrier = {
      forward,
      pass: () => own && line.respond(own),
      respond: (replacement: Replacement) => line.respond(replacedResponse(replacement, own)),
      reset: () => line.close(),
    }
    return {
      diesWithServer: !isOwn,
      received: () => {
        passage = this.#gateway.arrived(factsOf(request, this.#device), carrier)
      },
      closed: () => {
        passage?.closed()
        if (!isOwn) server?.closed()
      },
    }
  }

  readonly acceptStream: AcceptStream = (incoming) =>
    passThroughGateway({
      ...{ gateway: this.#gateway, device: this.#device, incoming },
      connect: this.#connect,
    })

  /** Closes the connections whose requests the server had when it died. */
  dropServer(): void {
    for (const line of this.#forwarded) line.close()
    this.#forwarded.clear()
  }
}

const factsOf = ({ headers, method, path, body }: HttpRequest, device: string) => ({
  requestId: headers?.[REQUEST_HEADER],
  device,
  method,
  path,
  // Computed only when an interception asks: mostly there is none.
  get isMarked() {
    return marksInRequest({ path, body }).length > 0
  },
})
