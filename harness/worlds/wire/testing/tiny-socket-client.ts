import { tinySocketClient } from '../../../testing/tiny-sockets.ts'

/** A module of its own: a process loads it. */
export default { ...tinySocketClient, module: import.meta.url }
