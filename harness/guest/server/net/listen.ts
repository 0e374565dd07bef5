import type * as net from 'node:net'
import type { Life } from '../life.ts'
import type { Listeners } from './listeners.ts'
import { LOCALHOST, networkError } from './socket.ts'

interface Handle {
  close(): void
  ref(): void
  unref(): void
  getsockname(out: Record<string, unknown>): number
}

/**
 * `Server.listen` for servers of Node: binds the server in `listeners`, not on the machine. The
 * handle makes Node's own `close`, `address` and `listening` work.
 */
export function listen(
  server: net.Server,
  args: readonly unknown[],
  { listeners, life }: { readonly listeners: Listeners; readonly life: Life },
): void {
  const { port, callback } = listenArguments(args)
  if (callback) server.once('listening', callback)
  const target = server as net.Server & { _handle: Handle | null }
  if (target._handle) {
    const error = new Error('Listen method has been called more than once without closing.')
    throw Object.assign(error, { code: 'ERR_SERVER_ALREADY_LISTEN' })
  }
  const bound = listeners.bind(server, port)
  if (bound === undefined) {
    const error = networkError('EADDRINUSE', 'listen', `${LOCALHOST}:${port}`)
    process.nextTick(() => life.run(() => server.emit('error', error)))
    return
  }
  target._handle = {
    close: () => listeners.unbind(bound),
    ref: () => {},
    unref: () => {},
    getsockname: (out) => {
      Object.assign(out, { address: LOCALHOST, family: 'IPv4', port: bound })
      return 0
    },
  }
  process.nextTick(() =>
    life.run(() => {
      if (!target._handle) return
      server.emit('listening')
      listeners.listening()
    }),
  )
}

/** Reads (port?, host?, backlog?, callback?) or ({ port }, callback?). */
function listenArguments(args: readonly unknown[]) {
  const last = args.at(-1)
  const callback = typeof last === 'function' ? (last as () => void) : undefined
  const [first] = args
  const options = typeof first === 'object' && first !== null ? (first as object) : { port: first }
  const { port, path } = options as { readonly port?: unknown; readonly path?: unknown }
  const isPath = typeof path === 'string' || (typeof port === 'string' && !/^\d+$/.test(port))
  if (isPath || 'fd' in options || '_handle' in options)
    throw new Error('a hosted server listens on a port; got a path or a handle')
  return { port: typeof port === 'function' ? 0 : Number(port ?? 0), callback }
}
