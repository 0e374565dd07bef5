import type { OpenDatabase } from '../../harness/core/ports/database.ts'
import { MemoryDisk } from '../../harness/core/ports/memory-database.ts'
import { worksInOrder } from '../../harness/core/ports/works-in-order.ts'
import { seededRandom } from '../../harness/core/random.ts'
import type { Server, ServerDefinition } from '../../harness/core/server.ts'

/**
 * Creates a server outside the harness, on the real clock. Records no events. Without a `database`,
 * the data is lost when the process exits.
 *
 * @example
 * const sync = standalone(dedup, { policy: 'server-wins' })
 * const body = JSON.stringify({ conversation: 'c', text: 'Hi' })
 * await sync.handle({ method: 'POST', path: '/messages', body })
 * sync.dump().rows
 */
export function standalone<Created extends Server>(
  definition: ServerDefinition<Created>,
  {
    policy = 'last-write-wins',
    database = new MemoryDisk().open(),
  }: { policy?: string; database?: OpenDatabase } = {},
): Created {
  return definition.create(
    {
      clock: {
        now: () => performance.now(),
        wall: () => Date.now(),
        after: (ms, task) => {
          const timer = setTimeout(task, ms)
          return { cancel: () => clearTimeout(timer) }
        },
      },
      random: seededRandom(Date.now()),
      database,
      standstill: worksInOrder(),
      recorder: { emit: () => {} },
      checkpoint: () => {},
    },
    { policy, recordedThrough: 0 },
  )
}
