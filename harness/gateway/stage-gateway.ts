import type { Clock } from '../core/ports/clock.ts'
import { withFired } from '../core/server-state.ts'
import type { Stage } from '../core/world.ts'
import { Gateway } from './gateway.ts'

/** Returns the gateway of a stage, on the stage's clock. */
export function stageGateway(
  stage: Pick<Stage, 'device' | 'server' | 'emit'>,
  clock: Pick<Clock, 'after'>,
): Gateway {
  return new Gateway({
    after: (ms, task) => void clock.after(ms, task),
    kill: async (node, window) => {
      if (node !== 'server') return stage.device(node).kill()
      const { server } = stage
      if (window !== undefined) server.set(withFired(await server.state(), window))
      return server.kill()
    },
    emit: (event) => stage.emit(event),
  })
}
