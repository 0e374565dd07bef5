import process from 'node:process'

const listeners = new Set<() => void>()

/**
 * Subscribes to the moment in which the reader of the output has ended. Returns the unsubscribe
 * function. This is no listener of the signal SIGPIPE: that also arrives when a device's process or
 * connection has died while the harness writes to it, and Node ignores it while nobody listens.
 */
export function onClosedPipe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * Ends quietly when the reader of the output has ended, as in `| head`: calls the listeners, and
 * drops the rest of the output. Throws other errors of the streams.
 */
export function handleClosedPipe(): { readonly isClosed: boolean } {
  const state = { isClosed: false }
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (state.isClosed) return
    state.isClosed = true
    for (const listener of listeners) listener()
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onError)
  return state
}
