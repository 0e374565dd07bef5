import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import { requestMatchOf, requestMatchShape } from '../core/interception.ts'

/**
 * Kills the app (SIGKILL) once: when a request of it has reached the server, or when the server is
 * about to respond. When the effect ends, the app is started again on the same disk, unless another
 * effect keeps it dead.
 */
export default defineEffect({
  name: 'device-crash',
  schema: z.object({
    effect: z.literal('device-crash'),
    ...requestMatchShape,
    device: z.string(),
    point: z.enum(['received', 'responding']),
  }),
  example: { effect: 'device-crash', device: 'ana', point: 'responding' },
  cumulative: true,
  caption: ({ device, point }) =>
    `${device}'s app is killed when ${point === 'received' ? 'its request arrives' : 'the server is about to respond'}`,
  kills: ({ device }) => device,
  begin: ({ point, ...spec }, { stage, id }) =>
    stage.gateway.add(id, {
      match: requestMatchOf(spec),
      act: { type: 'kill', moment: point === 'received' ? 'before' : 'after', node: spec.device },
    }),
  end: async ({ device }, { stage, id, others }) => {
    stage.gateway.remove(id)
    const isKeptDead =
      stage.gateway.hasKilled(device) ||
      others.some((other) => other.effect === 'device-dead' && other.device === device)
    if (!isKeptDead) await stage.device(device).start()
  },
})
