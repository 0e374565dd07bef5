import * as net from 'node:net'
import type { Life } from '../life.ts'
import { listen } from '../net/listen.ts'
import type { Listeners } from '../net/listeners.ts'
import type { HostedSocket } from '../net/socket.ts'

interface NetPlace {
  readonly life: Life
  readonly listeners: Listeners
  readonly Socket: new (options?: object) => HostedSocket
}

/** Returns node:net without the machine's network. */
export function hostedNet(place: NetPlace): object {
  const { Socket } = place
  class Server extends net.Server {
    override listen(...args: unknown[]): this {
      listen(this, args, place)
      return this
    }
  }
  const connect = (...args: unknown[]) => {
    const [first] = args
    const options = typeof first === 'object' && first !== null ? first : {}
    return new Socket(options).connect(...args)
  }
  const createServer = (...args: []) => new Server(...args)
  return {
    ...net,
    Socket,
    Stream: Socket,
    Server,
    connect,
    createConnection: connect,
    createServer,
  }
}
