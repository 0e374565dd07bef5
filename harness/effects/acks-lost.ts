import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Loses the server's responses to the device's requests that carry a person's write, and no others.
 * The connections stay open, and break when the effect ends.
 */
export default defineEffect({
  name: 'acks-lost',
  schema: z.object({ effect: z.literal('acks-lost'), device: z.string() }),
  example: { effect: 'acks-lost', device: 'ana' },
  cumulative: true,
  caption: ({ device }) => `acknowledgements for ${device} are lost`,
  begin: ({ device }, { stage, id }) =>
    stage.gateway.add(id, { match: { device, marked: true }, act: { type: 'lose-response' } }),
  end: (_, { stage, id }) => stage.gateway.remove(id),
})
