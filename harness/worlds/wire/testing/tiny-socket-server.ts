import { tinySocketServer } from '../../../testing/tiny-sockets.ts'

/** A module of its own: a process loads it. */
export default { ...tinySocketServer, module: import.meta.url }
