import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** Puts the phone into Android's doze: the system postpones scheduled work. */
export default defineEffect({
  name: 'doze',
  schema: z.object({ effect: z.literal('doze'), device: z.string() }),
  example: { effect: 'doze', device: 'ana' },
  caption: ({ device }) => `${device}'s phone dozes`,
  begin: ({ device }, { stage }) => stage.device(device).set({ dozing: true }),
  end: ({ device }, { stage }) => stage.device(device).set({ dozing: false }),
})
