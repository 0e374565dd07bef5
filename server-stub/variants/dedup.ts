import type { PromptServer, ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/**
 * The reference server: stores a write's idempotency key in the transaction of the write.
 *
 * @example
 * const server = standalone(dedup)
 */
const dedup: ServerDefinition<PromptServer> = {
  name: 'dedup',
  title: 'remembers idempotency keys: a repeated write has no second effect',
  create: (ports, setup) => syncServer(ports, setup, DEFAULT_TRAITS),
}

export default dedup
