import type { Realm } from '../realm/realm.ts'
import { lockManager } from './locks.ts'

/** Returns `navigator`, and dispatches the events of the network on the window. */
export function navigatorObject(realm: Realm, window: EventTarget) {
  const { connectivity } = realm.ports
  let { online: wasOnline } = connectivity.get()
  connectivity.onChange(({ online }) => {
    if (online === wasOnline) return
    wasOnline = online
    realm.enter(() => void window.dispatchEvent(new Event(online ? 'online' : 'offline')))
  })
  return {
    get onLine() {
      return connectivity.get().online
    },
    userAgent: 'Mozilla/5.0 (tunnelproof)',
    language: 'en-US',
    languages: ['en-US'],
    platform: '',
    vendor: '',
    hardwareConcurrency: 1,
    maxTouchPoints: 0,
    cookieEnabled: false,
    locks: lockManager(realm),
  }
}
