import { MemoryDisk } from '../../harness/core/ports/memory-database.ts'
import type { PromptServer, ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/** Begins with an empty database after every crash, as if restored from its very first backup. */
const restored: ServerDefinition<PromptServer> = {
  name: 'restored',
  title: 'loses everything when it crashes',
  create: (ports, setup) =>
    syncServer({ ...ports, database: new MemoryDisk().open() }, setup, DEFAULT_TRAITS),
}

export default restored
