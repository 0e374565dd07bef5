import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP server that keeps its connections and counts what it received. */
export interface Upstream {
  readonly address: string
  readonly sockets: readonly Socket[]
  /** Resolves when all connections together have received this many bytes. */
  received(bytes: number): Promise<void>
  close(): Promise<void>
}

/** Starts a TCP server that calls `serve` with each connection. Default: an echo server. */
export async function startUpstream(
  serve: (socket: Socket) => void = (socket) => socket.pipe(socket),
): Promise<Upstream> {
  const sockets: Socket[] = []
  let count = 0
  const onData = new Set<() => void>()
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      count += chunk.length
      for (const check of onData) check()
    })
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    received: (bytes) =>
      new Promise((resolve) => {
        const check = () => {
          if (count >= bytes) resolve()
        }
        onData.add(check)
        check()
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Everything that one end of a connection received, and how the connection ended. */
export interface StreamOutcome {
  readonly bytes: number
  readonly text: string
  /** 'FIN', or the code of the error. */
  readonly end: string
}

/** Connects a client that collects what it receives. */
export async function dial(address: string) {
  const colon = address.lastIndexOf(':')
  const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))]
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  return { socket, ...collect(socket) }
}

/** Collects what a socket receives. `ended` resolves when the connection is closed or broken. */
function collect(socket: Socket) {
  const chunks: Buffer[] = []
  const all = () => Buffer.concat(chunks)
  const ended = new Promise<StreamOutcome>((resolve) => {
    const finish = (end: string) => resolve({ bytes: all().length, text: all().toString(), end })
    socket.on('end', () => finish('FIN'))
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message))
    socket.on('close', () => finish('closed'))
  })
  /** Resolves with everything received, as soon as it is at least this many bytes. */
  const received = (bytes: number) =>
    new Promise<string>((resolve) => {
      const check = () => {
        if (all().length >= bytes) resolve(all().toString())
      }
      socket.on('data', check)
      check()
    })
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { ended, received }
}
