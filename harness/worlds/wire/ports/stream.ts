import { connect, type Socket } from 'node:net'
import { StreamSide } from '../../../codec/stream-side.ts'
import type { ByteStream, Connect, StreamEnd } from '../../../core/ports/stream.ts'

/** The connections of a client over TCP. `server`: base URL. */
export function wireConnect(server: string): Connect {
  const { hostname, port } = new URL(server)
  return () => socketStream(connect({ host: hostname, port: Number(port) }))
}

/** Returns a connection over TCP as bytes that come and go. */
export function socketStream(socket: Socket): ByteStream {
  socket.setNoDelay(true)
  const stream = new StreamSide({
    write: (bytes) => void socket.write(bytes),
    end: () => socket.destroySoon(),
    reset: () => socket.resetAndDestroy(),
  })
  let failure: StreamEnd = 'end'
  socket.on('error', (error) => {
    failure = failureOf(error)
  })
  socket.on('data', (bytes) => stream.data(bytes))
  // There is no half-close: what is still to be written would reach nobody.
  socket.on('end', () => socket.destroy())
  socket.on('close', () => stream.closed(failure))
  return stream
}

/** refused: no connection was made · reset: it broke */
function failureOf({ syscall }: NodeJS.ErrnoException): StreamEnd {
  return syscall === 'read' || syscall === 'write' ? 'reset' : 'refused'
}
