import type { Socket } from 'node:net'
import type { Sink, Source } from '../link/connection.ts'
import type { LinkProxy } from '../link/proxy.ts'

/** Joins two connected sockets through a proxy's toxics. Both must have been opened with allowHalfOpen, and be paused. */
export function pipe(proxy: LinkProxy, client: Socket, server: Socket): void {
  const connection = proxy.connect({ client: sinkOf(client), server: sinkOf(server) })
  feed(client, connection.client, server)
  feed(server, connection.server, client)
}

function sinkOf(socket: Socket): Sink {
  return {
    write: (chunk) => {
      if (socket.writable) socket.write(chunk as Buffer)
    },
    end: () => socket.destroySoon(),
    reset: () => {
      if (!socket.destroyed) socket.resetAndDestroy()
    },
  }
}

/** Reads only as fast as the toxics take and as the other end drains. */
function feed(from: Socket, into: Source, to: Socket): void {
  let full = false
  const flow = () => {
    if (full || (to.writableNeedDrain && !to.destroyed)) from.pause()
    else from.resume()
  }
  into.onDrain = () => {
    full = false
    flow()
  }
  from.on('data', (chunk) => {
    full = !into.write(chunk)
    flow()
  })
  // A broken connection reads as its end, as it does in the original.
  from.on('end', () => into.end())
  from.on('close', () => into.end())
  to.on('drain', flow)
  to.on('close', flow)
  flow()
}
