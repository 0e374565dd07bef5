import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * The operating system reports that there is no network. The link itself stays up: with link-down
 * the report is true, without it it is wrong.
 */
export default defineEffect({
  name: 'offline',
  schema: z.object({ effect: z.literal('offline'), device: z.string() }),
  example: { effect: 'offline', device: 'ana' },
  caption: ({ device }) => `${device}'s phone reports no network`,
  begin: ({ device }, { stage }) => stage.device(device).set({ online: false }),
  end: ({ device }, { stage }) => stage.device(device).set({ online: true }),
})
