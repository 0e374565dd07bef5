import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/**
 * The phone is on mobile data instead of Wi-Fi. Its address changes at the begin and at the end, so
 * open connections break. The operating system reports a metered network and never that it is
 * offline: no gap between the two networks is visible to the app.
 */
export default defineEffect({
  name: 'mobile-data',
  schema: z.object({ effect: z.literal('mobile-data'), device: z.string() }),
  example: { effect: 'mobile-data', device: 'ana' },
  caption: ({ device }) => `${device}'s phone is on mobile data`,
  // Break first: a request that the app starts on the news already uses the new network.
  begin: async ({ device }, { stage }) => {
    await stage.link(device).breakConnections()
    stage.device(device).set({ metered: true })
  },
  end: async ({ device }, { stage }) => {
    await stage.link(device).breakConnections()
    stage.device(device).set({ metered: false })
  },
})
