import type { Fault } from '../core/fault.ts'
import type { CrashPoint } from '../core/server-state.ts'
import crash from '../effects/server-crash.ts'

const MOMENT: Readonly<Record<CrashPoint, string>> = {
  'before-commit': 'before it commits the next push',
  'after-commit': 'after it committed the next push',
  received: 'when the next write arrives',
  responding: 'when it is about to answer the next write',
}

/**
 * The server dies while it handles a write, and is started again when the fault ends.
 *
 * @param point 'before-commit': the write does not take effect. 'after-commit': it takes effect,
 * but no client gets a response. These two need checkpoints inside the server. With any server:
 * 'received': the write has arrived, and the server does not see it. 'responding': the server has
 * carried it out and responded, but no client gets the response
 */
export function serverCrash(point: CrashPoint): Fault {
  const isInside = point === 'before-commit' || point === 'after-commit'
  return {
    name: 'server-crash',
    caption: `the server dies ${MOMENT[point]}`,
    nodes: ['server'],
    effects: [crash.spec({ point, ...(!isInside && { marked: true }) })],
  }
}

export const example = serverCrash('after-commit')
