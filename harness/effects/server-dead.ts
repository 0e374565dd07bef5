import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Kills the server (SIGKILL), and starts it again on the same disk when the effect ends, unless it
 * is kept down by a crash window in which it died before.
 */
export default defineEffect({
  name: 'server-dead',
  schema: z.object({ effect: z.literal('server-dead') }),
  example: { effect: 'server-dead' },
  caption: () => 'the server is not running',
  kills: () => 'server',
  begin: (_, { stage }) => stage.server.kill(),
  end: async (_, { stage }) => {
    const { crashes } = await stage.server.state()
    if (!crashes.some(({ fired }) => fired)) await stage.server.start()
  },
})
