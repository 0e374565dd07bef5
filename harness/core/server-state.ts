import { z } from 'zod'

/**
 * The state of the server that a scenario can set, besides killing it. Worlds pass it on as a
 * whole. A new field needs two edits: the field here, its meaning in worlds/host/server-host.ts.
 */
export const serverStateSchema = z.object({
  /** The server dies when its next push reaches this point. Null after each death, and at first. */
  crashAt: z.enum(['before-commit', 'after-commit']).nullable(),
})
export type ServerState = Readonly<z.infer<typeof serverStateSchema>>

export const NORMAL_SERVER: ServerState = { crashAt: null }
