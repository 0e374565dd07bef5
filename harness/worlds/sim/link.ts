import type { StagedLink } from '../../core/world.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import type { Network } from './network.ts'

/** Returns a device's link with the operations that a scenario has on it. */
export function simLink(proxy: LinkProxy, network: Network): StagedLink {
  return {
    addToxic: async (name, toxic) => {
      proxy.addToxic({ name, ...toxic })
    },
    removeToxic: async (name) => {
      proxy.removeToxic(name)
    },
    breakConnections: async () => network.breakAll(),
    enable: async (enabled) => network.enable(enabled),
  }
}
