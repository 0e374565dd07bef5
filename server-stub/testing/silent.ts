import type { PromptServer, ServerDefinition } from '../../harness/core/server.ts'
import dedup from '../variants/dedup.ts'

/** The stub, which reports nothing here: only its dump shows what it holds. */
const silent: ServerDefinition<PromptServer> = {
  ...dedup,
  name: `silent-${dedup.name}`,
  title: `${dedup.title}; reports nothing`,
  tells: 'holdings',
  create: (ports, setup) =>
    dedup.create(
      { ...ports, recorder: { emit: () => {} } },
      // All that it committed counts as recorded: there is nobody to report it to.
      { ...setup, recordedThrough: Number.MAX_SAFE_INTEGER },
    ),
}

export default silent
