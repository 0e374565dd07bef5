import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import { requestMatchOf, requestMatchShape } from '../core/interception.ts'
import { type CrashPoint, crashPointSchema } from '../core/server-state.ts'
import type { Stage } from '../core/world.ts'

const MOMENT: Readonly<Record<CrashPoint, string>> = {
  'before-commit': 'before it commits the next push',
  'after-commit': 'after it commits the next push',
  received: 'when a request arrives',
  responding: 'when it is about to respond',
}

/** Returns true for a point that only the server itself can mark. */
const isInside = (point: CrashPoint) => point.endsWith('commit')

/** Returns the point at which this server can crash: one that tells holdings has no checkpoints. */
function pointOn({ server }: Stage, point: CrashPoint): CrashPoint {
  if (!isInside(point) || server.tells === 'writes') return point
  return point === 'before-commit' ? 'received' : 'responding'
}

/**
 * Crashes the server when it reaches this point next. When the effect ends, the server is started
 * again, unless another effect keeps it down. Overlapping windows crash it once each.
 *
 * The points before-commit and after-commit are checkpoints inside the server. One that tells its
 * holdings only has none: it crashes when a person's write arrives, or when it is about to respond
 * to one. The points received and responding work with any server, and accept the fields that
 * choose requests.
 */
export default defineEffect({
  name: 'server-crash',
  schema: z.object({
    effect: z.literal('server-crash'),
    ...requestMatchShape,
    point: crashPointSchema,
  }),
  example: { effect: 'server-crash', point: 'after-commit' },
  cumulative: true,
  caption: ({ point }) => `the server crashes ${MOMENT[point]}`,
  kills: () => 'server',
  check: ({ effect: _, point, ...match }) =>
    isInside(point) && Object.keys(match).length > 0
      ? `expected only 'point' with ${point}; got ${Object.keys(match).join(', ')}`
      : undefined,
  begin: async ({ point, ...spec }, { stage, id }) => {
    const at = pointOn(stage, point)
    const { crashes } = await stage.server.state()
    stage.server.set({ crashes: [...crashes, { window: id, at, fired: false }] })
    if (isInside(at)) return
    stage.gateway.add(id, {
      match: at === point ? requestMatchOf(spec) : { marked: true },
      act: {
        type: 'kill',
        moment: at === 'received' ? 'before' : 'after',
        node: 'server',
        window: id,
      },
    })
  },
  end: async ({ point }, { stage, id, others }) => {
    if (!isInside(pointOn(stage, point))) stage.gateway.remove(id)
    const { crashes } = await stage.server.state()
    const remaining = crashes.filter(({ window }) => window !== id)
    stage.server.set({ crashes: remaining })
    const isKeptDown =
      remaining.some(({ fired }) => fired) || others.some(({ effect }) => effect === 'server-dead')
    if (!isKeptDown) await stage.server.start()
  },
})
