import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

const MOMENT = { 'before-commit': 'before', 'after-commit': 'after' } as const

/**
 * Crashes the server at this point of its next push. When the effect ends, the server is started
 * again, unless another effect keeps it down. Overlapping windows crash it once each.
 */
export default defineEffect({
  name: 'server-crash',
  schema: z.object({
    effect: z.literal('server-crash'),
    point: z.enum(['before-commit', 'after-commit']),
  }),
  example: { effect: 'server-crash', point: 'after-commit' },
  cumulative: true,
  caption: ({ point }) => `the server crashes ${MOMENT[point]} it commits the next push`,
  kills: () => 'server',
  begin: async ({ point }, { stage, id }) => {
    const { crashes } = await stage.server.state()
    stage.server.set({ crashes: [...crashes, { window: id, at: point, fired: false }] })
  },
  end: async (_, { stage, id, others }) => {
    const { crashes } = await stage.server.state()
    const remaining = crashes.filter(({ window }) => window !== id)
    stage.server.set({ crashes: remaining })
    const isKeptDown =
      remaining.some(({ fired }) => fired) || others.some(({ effect }) => effect === 'server-dead')
    if (!isKeptDown) await stage.server.start()
  },
})
