import { STATUS_CODES } from 'node:http'
import { isBodilessStatus } from '../../../core/bodiless-status.ts'
import type { Replacement } from '../../../core/interception.ts'
import { marksInRequest } from '../../../core/request-event.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import type { GatewayRequest } from '../../../gateway/gateway-request.ts'
import { replacedResponse } from '../../../gateway/replaced-response.ts'
import { bodyText, decodedBody } from './content.ts'
import type { ArrivedRequest, Exchange, OwnResponse, TunnelStart } from './exchange.ts'
import { GatedMessages } from './gated-messages.ts'
import { endToEnd, withoutFraming } from './headers.ts'
import type { RelayLimit } from './limits.ts'
import { Relay } from './relay.ts'
import type { ServerWatch } from './server-watch.ts'

export interface ServerRelayOptions {
  readonly device: string
  readonly gateway: Gateway
  /** The server's port. */
  readonly port: number
  /** Called the first time that the sender exceeds a limit. */
  onLimit?(limit: RelayLimit): void
  /** For a server in which no code of ours runs. */
  readonly watch?: ServerWatch | undefined
}

/**
 * Opens the relay between one device's link and the server, which carries out the gateway's
 * decisions. A connection that comes in while something is intercepted belongs to the gateway: it
 * outlives the server. Any other closes with the server, and breaks if none listens.
 */
export function openServerRelay(options: ServerRelayOptions): Promise<Relay> {
  const { gateway, port, onLimit } = options
  return Relay.open({
    ...(onLimit && { onLimit }),
    upstream: { host: '127.0.0.1', port },
    isTied: () => !gateway.isActive,
    onRequest: (exchange) => pass(exchange, options),
  })
}

function pass(exchange: Exchange, { device, gateway, watch }: ServerRelayOptions): void {
  const facts = factsOf(exchange.request, device)
  const { requestId } = facts
  let own: OwnResponse | undefined
  /** True if the holdings have been read after the whole response had come. */
  let isRead = false
  /** Runs the task when the holdings have been read; at once if nobody watches. */
  const look = (task: () => void) => {
    if (!watch) {
      task()
      return
    }
    watch.look((isAlive) => {
      if (isAlive) task()
      else exchange.reset()
    })
  }
  const answered = (status: number) => {
    const report = () => {
      if (requestId !== undefined) watch?.responded(requestId, status)
      passage.answered(status)
    }
    if (!watch) report()
    // Most bodies have arrived with their heads, or at once after.
    else
      setImmediate(() => {
        isRead = exchange.isAnsweredWhole
        look(report)
      })
  }
  exchange.listen({
    sent: () => {
      if (requestId !== undefined) watch?.received(requestId)
    },
    answered: (status) => {
      if (!passage.isIntercepted || status === 101) {
        answered(status)
        return
      }
      exchange.collect((response) => {
        own = response
        answered(status)
      })
    },
    closed: () => passage.closed(),
  })
  const passage = gateway.arrived(facts, {
    forward: () => {
      if (watch) watch.admit(() => exchange.forward())
      else exchange.forward()
    },
    pass: () => {
      if (own) exchange.send(own.status, own.reason, own.rawHeaders, own.body)
      else if (!exchange.tunnel(begin)) exchange.stream(watch && !isRead ? look : undefined)
    },
    respond: (replacement) => replace(exchange, replacement, own),
    reset: () => exchange.breakOff(),
  })
  const begin: TunnelStart = (tunnel, fromSender, fromServer) => {
    const gate = new GatedMessages({ tunnel, gateway, upgrade: facts, watch })
    tunnel.begin(gate, fromSender, fromServer)
  }
}

/** Looks for markers only if an interception asks for them: a body may be big. */
function factsOf({ method, path, headers, body }: ArrivedRequest, device: string): GatewayRequest {
  let isMarked: boolean | undefined
  return {
    requestId: headers[REQUEST_HEADER],
    device,
    method,
    path,
    get isMarked() {
      isMarked ??=
        marksInRequest({ path, body: bodyText(body, headers['content-encoding']) }).length > 0
      return isMarked
    },
  }
}

/**
 * Sends a response in the place of the server's. Bodies are texts there: each byte of the server's
 * own is one character, so that it survives. A body of which half is kept must not be encoded.
 */
function replace(exchange: Exchange, replacement: Replacement, own: OwnResponse | undefined): void {
  const { body } = replacement
  const isOwnBody = typeof body === 'string'
  const encoding = own?.headers['content-encoding']
  const decoded = own && body === 'cut' ? decodedBody(own.body, encoding) : undefined
  const kept = decoded ?? own?.body ?? Buffer.alloc(0)
  const replaced = replacedResponse(
    replacement,
    own && { status: own.status, headers: {}, body: kept.toString('latin1') },
  )
  const { status } = replaced
  const bytes = Buffer.from(replaced.body, isOwnBody ? 'latin1' : 'utf8')
  const ownHeaders = isOwnBody && own ? withoutFraming(own.rawHeaders, decoded !== undefined) : []
  const headers = endToEnd(ownHeaders, new Set(Object.keys(replaced.headers)))
  for (const [name, value] of Object.entries(replaced.headers)) headers.push(name, value)
  if (!isBodilessStatus(status)) headers.push('content-length', String(bytes.length))
  exchange.send(status, STATUS_CODES[status] ?? '', headers, bytes)
}
