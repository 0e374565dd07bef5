import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** Kills the app (SIGKILL), and starts it again on the same disk when the effect ends. */
export default defineEffect({
  name: 'device-dead',
  schema: z.object({ effect: z.literal('device-dead'), device: z.string() }),
  example: { effect: 'device-dead', device: 'ana' },
  caption: ({ device }) => `${device}'s app is not running`,
  kills: ({ device }) => device,
  begin: ({ device }, { stage }) => stage.device(device).kill(),
  end: ({ device }, { stage }) => stage.device(device).start(),
})
