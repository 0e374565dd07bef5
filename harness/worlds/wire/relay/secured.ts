import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

/** The connections below those that are encrypted. */
const below = new WeakMap<Socket, Socket>()

/** Returns the function that encrypts connections as a server with this certificate does. */
export function encryption(certificate: {
  readonly key: string
  readonly cert: string
}): (socket: Socket) => TLSSocket {
  const secureContext = createSecureContext(certificate)
  return (socket) => {
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: ['http/1.1'],
    })
    below.set(secured, socket)
    return secured
  }
}

/** Resets a connection: encrypted or not, it breaks at once. */
export function reset(socket: Socket): void {
  ;(below.get(socket) ?? socket).resetAndDestroy()
}
