import type { Server, ServerDefinition } from '../../harness/core/server.ts'
import dedup from '../variants/dedup.ts'

/** Returns the same server, which reports nothing: only its dump shows what it holds. */
export function silent<Created extends Server>(
  definition: ServerDefinition<Created>,
): ServerDefinition<Created> {
  return {
    ...definition,
    name: `silent-${definition.name}`,
    title: `${definition.title}; reports nothing`,
    tells: 'holdings',
    create: (ports, setup) =>
      definition.create(
        { ...ports, recorder: { emit: () => {} } },
        // All that it committed counts as recorded: there is nobody to report it to.
        { ...setup, recordedThrough: Number.MAX_SAFE_INTEGER },
      ),
  }
}

export default silent(dedup)
