import type { Realm } from '../realm/realm.ts'

const NativeSignal = AbortSignal
const NativeController = AbortController

/** Returns AbortSignal, whose `timeout` waits on the clock's port. */
export function abortSignalClass(realm: Realm) {
  const { clock } = realm.ports
  const prototype = NativeSignal.prototype
  function GuestSignal(): never {
    throw new TypeError('Illegal constructor')
  }
  Object.defineProperties(GuestSignal, {
    name: { value: 'AbortSignal' },
    prototype: { value: prototype },
    abort: { value: (reason?: unknown) => NativeSignal.abort(reason) },
    any: { value: (signals: AbortSignal[]) => NativeSignal.any([...signals]) },
    timeout: {
      value: (ms: number) => {
        const controller = new NativeController()
        const expire = () => controller.abort(new DOMException('signal timed out', 'TimeoutError'))
        clock.after(Math.max(0, Number(ms) || 0), realm.bind(expire))
        return controller.signal
      },
    },
  })
  return GuestSignal
}
