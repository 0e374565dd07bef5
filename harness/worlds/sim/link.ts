import type { StagedLink } from '../../core/world.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import type { Network } from './network.ts'

/** What a scenario can do to a device's link. */
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
