import { z } from 'zod'
import { defineEffect, unknownNameText } from '../core/effect.ts'

/** Adds a Toxiproxy toxic to one direction of the device's link. Toxics add up. */
export default defineEffect({
  name: 'toxic',
  schema: z.object({
    effect: z.literal('toxic'),
    device: z.string(),
    /** The fields are those of Toxiproxy's API. */
    toxic: z.object({
      type: z.string(),
      stream: z.enum(['upstream', 'downstream']),
      /** The share of connections that the toxic acts on, 0 to 1. */
      toxicity: z.number().min(0).max(1).default(1),
      /** Whole numbers. Spans are scenario milliseconds; the wire divides them by the scale. */
      attributes: z.record(z.string(), z.number().int()).default({}),
    }),
  }),
  example: {
    effect: 'toxic',
    device: 'ana',
    toxic: { type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 300 } },
  },
  cumulative: true,
  caption: ({ device, toxic: { type, stream } }) => `${type} on ${device}'s link, ${stream}`,
  check: ({ toxic: { type } }, { toxics }) =>
    toxics && !toxics.has(type) ? `toxic.type: ${unknownNameText(type, toxics)}` : undefined,
  begin: ({ device, toxic }, { stage, id }) => stage.link(device).addToxic(id, toxic),
  end: ({ device }, { stage, id }) => stage.link(device).removeToxic(id),
})
