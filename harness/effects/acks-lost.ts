import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Loses the server's responses to the device's requests that carry a person's write, and no others.
 * A poll before the write passes, so that the write is sent.
 */
export default defineEffect({
  name: 'acks-lost',
  schema: z.object({
    effect: z.literal('acks-lost'),
    device: z.string(),
    /**
     * Scenario milliseconds from a lost response until its connection breaks. Default: it stays
     * open, and breaks when the effect ends.
     */
    after: z.number().int().positive().optional(),
  }),
  example: { effect: 'acks-lost', device: 'ana', after: 1000 },
  cumulative: true,
  caption: ({ device }) => `acknowledgements for ${device} are lost`,
  begin: ({ device, after }, { stage, id }) =>
    stage.gateway.add(id, {
      match: { device, marked: true },
      act: { type: 'lose-response', ...(after !== undefined && { breakAfter: after }) },
    }),
  end: (_, { stage, id }) => stage.gateway.remove(id),
})
