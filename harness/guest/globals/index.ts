import { HttpPool } from '../net/http-pool.ts'
import type { Globals, Realm } from '../realm/realm.ts'
import { guestDisk } from '../store/disk.ts'
import { abortSignalClass } from './abort-signal.ts'
import { fileClass, GuestBlob } from './blob.ts'
import { bodyClasses } from './bodies.ts'
import { broadcastChannelClass } from './broadcast-channel.ts'
import { cloneFunction } from './clone.ts'
import { packingClass } from './compression.ts'
import { dateClass } from './date.ts'
import { documentObject } from './document.ts'
import { reportOnWindow } from './errors.ts'
import { eventSourceClass } from './event-source.ts'
import { addHandlers, eventTargetClass } from './event-target.ts'
import { fetchFunction } from './fetch.ts'
import { fileReaderClass } from './file-reader.ts'
import { intrinsics } from './intrinsics.ts'
import { locationObject } from './location.ts'
import { mathObject } from './math.ts'
import { messageChannelClasses } from './message-channel.ts'
import { navigatorObject } from './navigator.ts'
import { performanceObject } from './performance.ts'
import { randomValues } from './random-values.ts'
import { storageObject } from './storage.ts'
import { subtleObject } from './subtle.ts'
import { timerGlobals } from './timers.ts'
import { webAssemblyObject } from './web-assembly.ts'
import { webSocketClass } from './web-socket.ts'
import { xmlHttpRequestClass } from './xml-http-request.ts'

const WINDOW_EVENTS = [
  'beforeunload',
  'blur',
  'error',
  'focus',
  'message',
  'offline',
  'online',
  'pagehide',
  'pageshow',
  'storage',
  'unhandledrejection',
]

/** The names by which a page reaches its global object. */
const OF_WINDOW = ['globalThis', 'window', 'self', 'global', 'frames', 'parent', 'top']

/** Makes the globals of one incarnation from its ports. */
export function makeGlobals(realm: Realm) {
  const { clock, random, database, standstill } = realm.ports
  const EventTarget = eventTargetClass(realm)
  const window = windowObject(EventTarget)
  reportOnWindow(realm, window)
  const DateClass = dateClass(clock)
  const File = fileClass(clock)
  const disk = guestDisk(database, DateClass)
  const structuredClone = cloneFunction(DateClass)
  const location = locationObject()
  const bodies = bodyClasses(random, File)
  const fetch = fetchFunction(realm, new HttpPool(realm.ports.connect), bodies)
  const globals: Globals = {
    ...intrinsics(),
    ...timerGlobals(realm),
    ...bodies,
    ...messageChannelClasses(realm, EventTarget, structuredClone),
    ...xmlHttpRequestClass(realm, EventTarget, fetch),
    AbortSignal: abortSignalClass(realm),
    Blob: GuestBlob,
    BroadcastChannel: broadcastChannelClass(realm, EventTarget, structuredClone),
    CompressionStream: packingClass(standstill, CompressionStream),
    Date: DateClass,
    DecompressionStream: packingClass(standstill, DecompressionStream),
    EventSource: eventSourceClass(realm, EventTarget, fetch),
    EventTarget,
    File,
    FileReader: fileReaderClass(realm, EventTarget),
    Math: mathObject(random),
    WebAssembly: webAssemblyObject(standstill),
    WebSocket: webSocketClass(realm, EventTarget),
    console,
    crypto: { ...randomValues(random), subtle: subtleObject(standstill, random) },
    document: documentObject(realm, EventTarget, window, location),
    fetch,
    localStorage: storageObject(disk.texts('local'), {
      put: (name, value) => disk.putText('local', name, value),
      delete: (name) => disk.deleteText('local', name),
    }),
    location,
    navigator: navigatorObject(realm, window),
    performance: performanceObject(clock),
    reportError: (error: unknown) => realm.report(error),
    sessionStorage: storageObject([], { put: () => {}, delete: () => {} }),
    structuredClone,
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
  }
  for (const name of OF_WINDOW) globals[name] = window
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(window, name, { value, writable: true, configurable: true })
  return { window: window as unknown as Globals, disk }
}

/** Returns the global object, which has listeners and their properties: `ononline`. */
function windowObject(Target: typeof EventTarget): EventTarget {
  class Window extends Target {}
  addHandlers(Window.prototype, ...WINDOW_EVENTS)
  return new Window()
}
