import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Makes the operating system report that there is no network. The link itself stays up: together
 * with link-down the report is true, alone it is wrong.
 */
export default defineEffect({
  name: 'offline',
  schema: z.object({ effect: z.literal('offline'), device: z.string() }),
  example: { effect: 'offline', device: 'ana' },
  caption: ({ device }) => `${device}'s phone reports no network`,
  begin: ({ device }, { stage }) => stage.device(device).set({ online: false }),
  end: ({ device }, { stage }) => stage.device(device).set({ online: true }),
})
