import { tinyStreamClient } from '../../../testing/tiny-streams.ts'

/** A module of its own: a process loads it. */
export default { ...tinyStreamClient, module: import.meta.url }
