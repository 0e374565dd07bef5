import type { ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/** Keeps no trace of the writes that lost a conflict. */
const noConflictRecords: ServerDefinition = {
  name: 'no-conflict-records',
  title: 'drops the writes that lose a conflict',
  create: (ports, setup) => {
    const server = syncServer(ports, setup, DEFAULT_TRAITS)
    return {
      handle: (request) => server.handle(request),
      dump: () => ({ ...server.dump(), conflicts: [] }),
    }
  },
}

export default noConflictRecords
