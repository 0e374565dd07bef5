import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import { momentSchema, requestMatchOf, requestMatchShape } from '../core/interception.ts'

/** Breaks the connections of requests: before the server sees them, or after it has acted. */
export default defineEffect({
  name: 'http-reset',
  schema: z.object({
    effect: z.literal('http-reset'),
    ...requestMatchShape,
    moment: momentSchema.default('before'),
  }),
  example: { effect: 'http-reset', device: 'ana', moment: 'after' },
  cumulative: true,
  caption: ({ device, moment }) => {
    const when =
      moment === 'before' ? 'before the server sees the request' : 'after the server has acted'
    return `${device ? `${device}'s` : 'all'} connections break ${when}`
  },
  begin: ({ moment, ...spec }, { stage, id }) =>
    stage.gateway.add(id, { match: requestMatchOf(spec), act: { type: 'reset', moment } }),
  end: (_, { stage, id }) => stage.gateway.remove(id),
})
