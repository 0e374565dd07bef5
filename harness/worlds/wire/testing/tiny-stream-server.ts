import { tinyStreamServer } from '../../../testing/tiny-streams.ts'

/** A module of its own: a process loads it. */
export default { ...tinyStreamServer, module: import.meta.url }
