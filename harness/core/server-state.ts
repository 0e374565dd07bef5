import { z } from 'zod'

/**
 * before-commit, after-commit: a checkpoint inside the server. received, responding: at the
 * gateway, so on any server: a request has arrived, or the response is about to leave.
 */
export const crashPointSchema = z.enum(['before-commit', 'after-commit', 'received', 'responding'])
export type CrashPoint = z.infer<typeof crashPointSchema>

/**
 * The state of the server that a scenario can set, besides killing it. Worlds pass it on as a
 * whole. A new field needs two edits: the field here, its meaning in worlds/host/server-host.ts.
 */
export const serverStateSchema = z.object({
  /**
   * The windows in which the server dies when a push reaches this point, once each. A window that
   * has fired stays here until it ends: it keeps the server down.
   */
  crashes: z.array(z.object({ window: z.string(), at: crashPointSchema, fired: z.boolean() })),
})
export type ServerState = Readonly<z.infer<typeof serverStateSchema>>

export const NORMAL_SERVER: ServerState = { crashes: [] }

/** Returns the window in which the server must die at this point; undefined if there is none. */
export function crashWindow({ crashes }: ServerState, point: CrashPoint): string | undefined {
  return crashes.find(({ at, fired }) => at === point && !fired)?.window
}

/** Returns the state after the server died in a window. */
export function withFired(state: ServerState, window: string): ServerState {
  const crashes = state.crashes.map((crash) =>
    crash.window === window ? { ...crash, fired: true } : crash,
  )
  return { ...state, crashes }
}
