import type { ServerDefinition } from '../../harness/core/server.ts'
import { syncServer, TRAITS } from '../server.ts'

/** Settles every clash by the policy that was not declared. */
const otherPolicy: ServerDefinition = {
  name: 'other-policy',
  title: 'promises one conflict policy and follows another',
  create: (ports, setup) =>
    syncServer(
      ports,
      { ...setup, policy: setup.policy === 'server-wins' ? 'last-write-wins' : 'server-wins' },
      TRAITS,
    ),
}

export default otherPolicy
