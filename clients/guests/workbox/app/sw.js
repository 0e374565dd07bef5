// The service worker, as the documentation of Workbox shows its parts: the app's files are
// precached, the list comes from the network or else from the cache, and a message that could not
// be sent is put into a queue, which a Background Sync sends again.
import { BackgroundSyncPlugin } from 'workbox-background-sync'
import { clientsClaim } from 'workbox-core'
import { precacheAndRoute } from 'workbox-precaching'
import { registerRoute } from 'workbox-routing'
import { NetworkFirst, NetworkOnly } from 'workbox-strategies'

self.skipWaiting()
clientsClaim()
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/.*/] })

registerRoute(({ url }) => url.pathname === '/messages', new NetworkFirst())

const bgSyncPlugin = new BackgroundSyncPlugin('messages', {
  maxRetentionTime: 24 * 60, // Retry for max of 24 Hours (specified in minutes)
})
registerRoute(
  ({ url }) => url.pathname === '/messages',
  new NetworkOnly({ plugins: [bgSyncPlugin] }),
  'POST',
)
