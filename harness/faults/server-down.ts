import type { Fault } from '../core/fault.ts'
import serverDead from '../effects/server-dead.ts'

/** The server is killed when the fault begins, and started again on the same disk when it ends. */
export function serverDown(): Fault {
  return {
    name: 'server-down',
    caption: 'the server is down',
    nodes: ['server'],
    effects: [serverDead.spec({})],
  }
}

export const example = serverDown()
