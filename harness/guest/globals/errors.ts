import { messageOf } from '../../core/problem.ts'
import type { Realm } from '../realm/realm.ts'
import { eventWith } from './event-target.ts'

/** Classes that browsers have, and the reason why a guest has none. */
const ABSENT: Readonly<Record<string, string>> = {
  Worker: 'a worker is a thread of its own: let the library work in the page',
  SharedWorker: 'a worker is a thread of its own: let the library work in the page',
  RTCPeerConnection: 'the device has no network besides that to the server under test',
  WebTransport: 'the device has no network besides that to the server under test',
}

/** Dispatches errors that nobody caught on the window, as browsers do. */
export function reportOnWindow(realm: Realm, window: EventTarget): void {
  let isReporting = false
  realm.onError = (error) => {
    adviseOn(error)
    // A listener that throws is not asked about its own error.
    if (isReporting) return false
    isReporting = true
    try {
      const properties = { error, message: messageOf(error), filename: '', lineno: 0, colno: 0 }
      return !window.dispatchEvent(eventWith(new Event('error', { cancelable: true }), properties))
    } finally {
      isReporting = false
    }
  }
}

/** A missing class is reported by its name alone: the reason goes into the device's log. */
function adviseOn(error: unknown): void {
  const [, name = ''] = /^(\w+) is not (?:a constructor|defined)/.exec(messageOf(error)) ?? []
  const reason = Object.hasOwn(ABSENT, name) ? ABSENT[name] : undefined
  if (reason !== undefined) console.warn(`${name} cannot be hosted: ${reason}`)
}
