import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

const MOMENT = { 'before-commit': 'before', 'after-commit': 'after' } as const

/**
 * Crashes the server at this point of its next push. When the effect ends, the server is started
 * again, unless a server-dead still holds.
 */
export default defineEffect({
  name: 'server-crash',
  schema: z.object({
    effect: z.literal('server-crash'),
    point: z.enum(['before-commit', 'after-commit']),
  }),
  example: { effect: 'server-crash', point: 'after-commit' },
  caption: ({ point }) => `the server crashes ${MOMENT[point]} it commits the next push`,
  kills: () => 'server',
  begin: ({ point }, { stage }) => stage.server.set({ crashAt: point }),
  end: async (_, { stage, others }) => {
    stage.server.set({ crashAt: null })
    if (!others.some(({ effect }) => effect === 'server-dead')) await stage.server.start()
  },
})
