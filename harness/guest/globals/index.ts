import { HttpPool } from '../net/http-pool.ts'
import type { Globals, Realm } from '../realm/realm.ts'
import { guestDisk } from '../store/disk.ts'
import { abortSignalClass } from './abort-signal.ts'
import { fileClass, GuestBlob } from './blob.ts'
import { bodyClasses } from './bodies.ts'
import { cloneFunction } from './clone.ts'
import { dateClass } from './date.ts'
import { addHandlers, eventTargetClass } from './event-target.ts'
import { fetchFunction } from './fetch.ts'
import { intrinsics } from './intrinsics.ts'
import { locationObject } from './location.ts'
import { mathObject } from './math.ts'
import { navigatorObject } from './navigator.ts'
import { performanceObject } from './performance.ts'
import { randomValues } from './random-values.ts'
import { storageObject } from './storage.ts'
import { timerGlobals } from './timers.ts'
import { webSocketClass } from './web-socket.ts'

/** The names by which a page reaches its global object. */
const OF_WINDOW = ['globalThis', 'window', 'self', 'global', 'frames', 'parent', 'top']

/** Makes the globals of one incarnation from its ports. */
export function makeGlobals(realm: Realm) {
  const { clock, random, database } = realm.ports
  const EventTarget = eventTargetClass(realm)
  const Window = class Window extends EventTarget {}
  addHandlers(Window.prototype, 'online', 'offline', 'error', 'unhandledrejection', 'storage')
  const window = new Window() as unknown as Globals & globalThis.EventTarget
  const DateClass = dateClass(clock)
  const File = fileClass(clock)
  const disk = guestDisk(database, DateClass)
  const bodies = bodyClasses(random, File)
  const pool = new HttpPool(realm.ports)
  const session = { put: () => {}, delete: () => {} }
  const local = {
    put: (name: string, value: string) => disk.putText('local', name, value),
    delete: (name: string) => disk.deleteText('local', name),
  }
  const globals: Globals = {
    ...intrinsics(),
    ...timerGlobals(realm),
    ...bodies,
    AbortSignal: abortSignalClass(realm),
    Blob: GuestBlob,
    Date: DateClass,
    EventTarget,
    File,
    Math: mathObject(random),
    WebSocket: webSocketClass(realm, EventTarget),
    console,
    crypto: randomValues(random),
    fetch: fetchFunction(realm, pool, bodies),
    localStorage: storageObject(disk.texts('local'), local),
    location: locationObject(),
    navigator: navigatorObject(realm, window),
    performance: performanceObject(clock),
    reportError: (error: unknown) => realm.report(error),
    sessionStorage: storageObject([], session),
    structuredClone: cloneFunction(DateClass),
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
  }
  for (const name of OF_WINDOW) globals[name] = window
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(window, name, { value, writable: true, configurable: true })
  return { window: window as Globals, disk }
}
