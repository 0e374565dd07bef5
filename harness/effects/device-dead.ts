import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Kills the app (SIGKILL), and starts it again on the same disk when the effect ends, unless a
 * device-crash in which it died before still holds.
 */
export default defineEffect({
  name: 'device-dead',
  schema: z.object({ effect: z.literal('device-dead'), device: z.string() }),
  example: { effect: 'device-dead', device: 'ana' },
  caption: ({ device }) => `${device}'s app is not running`,
  kills: ({ device }) => device,
  begin: ({ device }, { stage }) => stage.device(device).kill(),
  end: async ({ device }, { stage }) => {
    if (!stage.gateway.hasKilled(device)) await stage.device(device).start()
  },
})
