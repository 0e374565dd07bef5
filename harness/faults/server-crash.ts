import type { Fault } from '../core/fault.ts'
import crash from '../effects/server-crash.ts'

/**
 * The server dies in the middle of its next push, and starts again when the fault ends. 'before-commit': the write never happened. 'after-commit': it did, and nobody
 * was told.
 */
export function serverCrash(point: 'before-commit' | 'after-commit'): Fault {
  return {
    name: 'server-crash',
    says: `the server dies ${point === 'before-commit' ? 'before it commits' : 'after it committed'} the next push`,
    nodes: ['server'],
    effects: [crash.spec({ point })],
  }
}
