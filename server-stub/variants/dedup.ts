import type { ServerDefinition } from '../../harness/core/server.ts'
import { syncServer, TRAITS } from '../server.ts'

/** The reference: a write's idempotency key is remembered in the transaction that carried it out. */
const dedup: ServerDefinition = {
  name: 'dedup',
  title: 'remembers idempotency keys: a repeated write has no second effect',
  create: (ports, setup) => syncServer(ports, setup, TRAITS),
}

export default dedup
