import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import { momentSchema, requestMatchOf, requestMatchShape } from '../core/interception.ts'
import { spanText } from '../core/time.ts'

/** Holds requests (before) or their responses (after) back for a while. */
export default defineEffect({
  name: 'http-delay',
  schema: z.object({
    effect: z.literal('http-delay'),
    ...requestMatchShape,
    moment: momentSchema.default('after'),
    /** Scenario milliseconds. */
    ms: z.number().int().positive(),
  }),
  example: { effect: 'http-delay', device: 'ana', moment: 'after', ms: 4000 },
  cumulative: true,
  caption: ({ device, moment, ms }) => {
    const held = moment === 'before' ? 'requests' : 'responses'
    return `${device ? `${device}'s` : 'all'} ${held} take ${spanText(ms)} longer`
  },
  begin: ({ moment, ms, ...spec }, { stage, id }) =>
    stage.gateway.add(id, { match: requestMatchOf(spec), act: { type: 'delay', moment, ms } }),
  end: (_, { stage, id }) => stage.gateway.remove(id),
})
