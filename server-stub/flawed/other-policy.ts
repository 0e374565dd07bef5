import type { ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/** Decides every clash by another policy than the declared one. */
const otherPolicy: ServerDefinition = {
  name: 'other-policy',
  title: 'promises one conflict policy and follows another',
  create: (ports, setup) =>
    syncServer(
      ports,
      { ...setup, policy: setup.policy === 'server-wins' ? 'last-write-wins' : 'server-wins' },
      DEFAULT_TRAITS,
    ),
}

export default otherPolicy
