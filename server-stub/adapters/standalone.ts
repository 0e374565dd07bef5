import type { OpenDatabase } from '../../harness/core/ports/database.ts'
import { MemoryDisk } from '../../harness/core/ports/memory-database.ts'
import { seededRandom } from '../../harness/core/random.ts'
import type { Server, ServerDefinition } from '../../harness/core/server.ts'

/** A server by itself, on the real clock, that nobody watches. It forgets everything at its end unless given a database. */
export function standalone(
  definition: ServerDefinition,
  {
    policy = 'last-write-wins',
    database = new MemoryDisk().open(),
  }: { policy?: string; database?: OpenDatabase } = {},
): Server {
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
      recorder: { emit: () => {} },
      checkpoint: () => {},
    },
    { policy, recordedThrough: 0 },
  )
}
