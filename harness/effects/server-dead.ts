import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** Kills the server (SIGKILL), and starts it again on the same disk when the effect ends. */
export default defineEffect({
  name: 'server-dead',
  schema: z.object({ effect: z.literal('server-dead') }),
  example: { effect: 'server-dead' },
  caption: () => 'the server is not running',
  kills: () => 'server',
  begin: (_, { stage }) => stage.server.kill(),
  end: (_, { stage }) => stage.server.start(),
})
