import type { Fault } from '../core/fault.ts'
import crash from '../effects/server-crash.ts'

/**
 * The server dies in the middle of its next push, and is started again when the fault ends.
 *
 * @param point 'before-commit': the write does not take effect. 'after-commit': it takes effect,
 * but no client gets a response
 */
export function serverCrash(point: 'before-commit' | 'after-commit'): Fault {
  const moment = point === 'before-commit' ? 'before it commits' : 'after it committed'
  return {
    name: 'server-crash',
    caption: `the server dies ${moment} the next push`,
    nodes: ['server'],
    effects: [crash.spec({ point })],
  }
}

export const example = serverCrash('after-commit')
