import type { Socket } from 'node:net'
import type { Sink, Source } from '../link/connection.ts'
import type { LinkProxy } from '../link/proxy.ts'

/**
 * Connects two open sockets through a proxy's toxics. Both must be paused and opened with
 * allowHalfOpen.
 */
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

/**
 * Reads from a socket only while the toxics have room and the other socket's buffer is not full.
 */
function feed(from: Socket, into: Source, to: Socket): void {
  let full = false
  const pauseOrResume = () => {
    if (full || (to.writableNeedDrain && !to.destroyed)) from.pause()
    else from.resume()
  }
  into.onDrain = () => {
    full = false
    pauseOrResume()
  }
  from.on('data', (chunk) => {
    full = !into.write(chunk)
    pauseOrResume()
  })
  // A broken connection counts as the end of its data, as in the original.
  from.on('end', () => into.end())
  from.on('close', () => into.end())
  to.on('drain', pauseOrResume)
  to.on('close', pauseOrResume)
  pauseOrResume()
}
