import type { PromptServer, ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/**
 * A server without idempotency keys, like many: it treats each request as a new write.
 *
 * @example
 * const server = standalone(naive)
 */
const naive: ServerDefinition<PromptServer> = {
  name: 'naive',
  title: 'remembers no keys: a message sent twice is there twice',
  create: (ports, setup) => syncServer(ports, setup, { ...DEFAULT_TRAITS, keyRetentionMs: 0 }),
}

export default naive
