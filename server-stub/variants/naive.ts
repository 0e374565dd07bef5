import type { ServerDefinition } from '../../harness/core/server.ts'
import { syncServer, TRAITS } from '../server.ts'

/** What many servers are: every request is new to it. */
const naive: ServerDefinition = {
  name: 'naive',
  title: 'remembers no keys: a message sent twice is there twice',
  create: (ports, setup) => syncServer(ports, setup, { ...TRAITS, remembersKeys: false }),
}

export default naive
