import type { Realm } from '../realm/realm.ts'

const NativeEventTarget = globalThis.EventTarget

type Listener = ((event: Event) => void) | { handleEvent(event: Event): void }
type Handler = ((event: Event) => unknown) | null

/** Returns the class EventTarget: what a listener throws is reported, and the others still run. */
export function eventTargetClass(realm: Realm): typeof NativeEventTarget {
  const guarded = new WeakMap<object, (this: unknown, event: Event) => void>()
  const guard = (listener: Listener) => {
    const known = guarded.get(listener)
    if (known) return known
    const safe = function (this: unknown, event: Event) {
      try {
        if (typeof listener === 'function') listener.call(this, event)
        else listener.handleEvent(event)
      } catch (error) {
        realm.report(error)
      }
    }
    guarded.set(listener, safe)
    return safe
  }
  const Guarded = class EventTarget extends NativeEventTarget {
    override addEventListener(
      type: string,
      listener: Listener | null,
      options?: AddEventListenerOptions | boolean,
    ): void {
      if (listener) super.addEventListener(String(type), guard(listener), options)
    }

    override removeEventListener(
      type: string,
      listener: Listener | null,
      options?: EventListenerOptions | boolean,
    ): void {
      if (listener) super.removeEventListener(String(type), guard(listener), options)
    }
  }
  return Guarded as unknown as typeof NativeEventTarget
}

/** Adds properties such as `onmessage`, in the order of listeners in which they were first set. */
export function addHandlers(target: object, ...types: readonly string[]): void {
  const handlers = new WeakMap<object, Map<string, Handler>>()
  for (const type of types)
    Object.defineProperty(target, `on${type}`, {
      configurable: true,
      enumerable: true,
      get(this: object) {
        return handlers.get(this)?.get(type) ?? null
      },
      set(this: EventTarget, value: unknown) {
        const own = handlers.get(this) ?? new Map<string, Handler>()
        handlers.set(this, own)
        const isFirst = !own.has(type)
        own.set(type, typeof value === 'function' ? (value as Handler) : null)
        if (isFirst) this.addEventListener(type, (event: Event) => own.get(type)?.call(this, event))
      },
    })
}

/** Returns an event with the properties that its type has besides those of every event. */
export function eventWith<Type extends Event>(
  event: Type,
  properties: Readonly<Record<string, unknown>>,
): Type {
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true })
  return event
}
