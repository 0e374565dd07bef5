import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * Moves the phone from Wi-Fi to mobile data. Its address changes when the effect begins and when it
 * ends, so open connections break. The operating system reports a metered network, but never that
 * the phone is offline: the app sees no gap between the two networks.
 */
export default defineEffect({
  name: 'mobile-data',
  schema: z.object({ effect: z.literal('mobile-data'), device: z.string() }),
  example: { effect: 'mobile-data', device: 'ana' },
  caption: ({ device }) => `${device}'s phone is on mobile data`,
  // Break first: a request that the app starts because of the report uses the new network.
  begin: async ({ device }, { stage }) => {
    await stage.link(device).breakConnections()
    stage.device(device).set({ metered: true })
  },
  end: async ({ device }, { stage }) => {
    await stage.link(device).breakConnections()
    stage.device(device).set({ metered: false })
  },
})
