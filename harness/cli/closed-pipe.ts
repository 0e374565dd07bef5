import process from 'node:process'

/**
 * Ends quietly when the reader of the output has ended, as in `| head`: raises SIGPIPE, as writing
 * to a closed pipe does in other programs, and drops the rest of the output. Throws other errors
 * of the streams.
 */
export function handleClosedPipe(): { readonly isClosed: boolean } {
  const state = { isClosed: false }
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (state.isClosed) return
    state.isClosed = true
    process.emit('SIGPIPE', 'SIGPIPE')
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onError)
  return state
}
