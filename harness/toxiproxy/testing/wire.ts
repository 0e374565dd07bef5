import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** An upstream that remembers its connections and what came over them. */
export interface Upstream {
  readonly address: string
  readonly sockets: readonly Socket[]
  /** Resolves when so many bytes have come in altogether. */
  receives(bytes: number): Promise<void>
  close(): Promise<void>
}

/** A TCP server; `serve` is called with each connection. Default: an echo. */
export async function upstream(
  serve: (socket: Socket) => void = (socket) => socket.pipe(socket),
): Promise<Upstream> {
  const sockets: Socket[] = []
  let count = 0
  const waiting = new Set<() => void>()
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      count += chunk.length
      for (const look of waiting) look()
    })
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    receives: (bytes) =>
      new Promise((resolve) => {
        const look = () => {
          if (count >= bytes) resolve()
        }
        waiting.add(look)
        look()
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** How a connection went for one of its ends. */
export interface StreamOutcome {
  readonly bytes: number
  readonly text: string
  /** 'FIN', or the error's code. */
  readonly end: string
}

/** A client that gathers what it receives. */
export async function dial(address: string) {
  const [host, port] = [
    address.slice(0, address.lastIndexOf(':')),
    Number(address.slice(address.lastIndexOf(':') + 1)),
  ]
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  return { socket, ...watch(socket) }
}

/** Gathers what a socket receives, and resolves `ended` when its other end closes or breaks it. */
function watch(socket: Socket) {
  const chunks: Buffer[] = []
  const gathered = () => Buffer.concat(chunks)
  const ended = new Promise<StreamOutcome>((resolve) => {
    const tell = (end: string) =>
      resolve({ bytes: gathered().length, text: gathered().toString(), end })
    socket.on('end', () => tell('FIN'))
    socket.on('error', (error: NodeJS.ErrnoException) => tell(error.code ?? error.message))
    socket.on('close', () => tell('closed'))
  })
  /** Resolves with all that came, once it is that much. */
  const received = (bytes: number) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (gathered().length >= bytes) resolve(gathered().toString())
      }
      socket.on('data', look)
      look()
    })
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { ended, received }
}
