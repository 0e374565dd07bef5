import type { ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/**
 * A server without idempotency keys, as many are: every request is new to it.
 *
 * @example
 * const server = standalone(naive)
 */
const naive: ServerDefinition = {
  name: 'naive',
  title: 'remembers no keys: a message sent twice is there twice',
  create: (ports, setup) => syncServer(ports, setup, { ...DEFAULT_TRAITS, remembersKeys: false }),
}

export default naive
