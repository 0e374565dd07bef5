import { z } from 'zod'
import { defineEffect, type ToxicType, unknownNameText } from '../core/effect.ts'

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
  check: ({ toxic: { type, attributes } }, { toxics }) => {
    if (!toxics) return undefined
    const toxic = toxics.get(type)
    return toxic
      ? attributesFlaw(toxic, attributes)
      : `toxic.type: ${unknownNameText(type, toxics)}`
  },
  begin: ({ device, toxic }, { stage, id }) => stage.link(device).addToxic(id, toxic),
  end: ({ device }, { stage, id }) => stage.link(device).removeToxic(id),
})

function attributesFlaw(
  { attributes: known, check }: ToxicType,
  given: Readonly<Record<string, number>>,
): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const attribute = Object.hasOwn(known, name) ? known[name] : undefined
    const path = `toxic.attributes.${name}`
    if (!attribute) {
      const names = Object.keys(known).join(', ') || 'none'
      return `${path}: there is no such attribute; there are ${names}`
    }
    if (value < attribute.least)
      return `${path}: expected at least ${attribute.least}; got ${value}`
  }
  const defaults = Object.fromEntries(Object.keys(known).map((name) => [name, 0]))
  const wrong = check?.({ ...defaults, ...given })
  return wrong === undefined ? undefined : `toxic.attributes: ${wrong}`
}
