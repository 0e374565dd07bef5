import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** The server is killed (SIGKILL) at the begin and started again, on the same disk, at the end. */
export default defineEffect({
  name: 'server-dead',
  schema: z.object({ effect: z.literal('server-dead') }),
  example: { effect: 'server-dead' },
  caption: () => 'the server is not running',
  kills: () => 'server',
  begin: (_, { stage }) => stage.server.kill(),
  end: (_, { stage }) => stage.server.start(),
})
