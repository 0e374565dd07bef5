import type { GlobalClass, Realm } from '../realm/realm.ts'
import { addHandlers, eventWith } from './event-target.ts'

type Clone = (value: unknown) => unknown
interface Port extends EventTarget {
  deliver(data: unknown, ports: readonly unknown[]): void
}

/** Returns MessageChannel and MessagePort. A message takes a task of its own, and no time. */
export function messageChannelClasses(
  realm: Realm,
  Target: typeof EventTarget,
  clone: Clone,
): Record<'MessageChannel' | 'MessagePort', GlobalClass> {
  const { clock } = realm.ports
  const partners = new WeakMap<MessagePort, MessagePort>()
  class MessagePort extends Target implements Port {
    #isStarted = false
    #isClosed = false
    #waiting: Event[] = []

    postMessage(data: unknown, options?: readonly unknown[] | { transfer?: readonly unknown[] }) {
      const transfer = Array.isArray(options)
        ? options
        : ((options as { transfer?: [] })?.transfer ?? [])
      const ports = transfer.filter((each) => each instanceof MessagePort)
      const partner = partners.get(this)
      const copy = clone(data)
      if (this.#isClosed || !partner) return
      clock.after(
        0,
        realm.bind(() => partner.deliver(copy, ports)),
      )
    }

    start(): void {
      this.#isStarted = true
      for (const event of this.#waiting.splice(0)) this.dispatchEvent(event)
    }

    close(): void {
      this.#isClosed = true
    }

    deliver(data: unknown, ports: readonly unknown[]): void {
      if (this.#isClosed) return
      const event = eventWith(new Event('message'), { data, ports, origin: '', source: null })
      if (this.#isStarted) this.dispatchEvent(event)
      else this.#waiting.push(event)
    }

    // Node's ports have these, and libraries call them if they are there.
    ref(): void {}
    unref(): void {}
  }
  addHandlers(MessagePort.prototype, 'message', 'messageerror')
  startOnHandler(MessagePort.prototype)
  class MessageChannel {
    readonly port1 = new MessagePort()
    readonly port2 = new MessagePort()

    constructor() {
      partners.set(this.port1, this.port2).set(this.port2, this.port1)
    }
  }
  return { MessageChannel, MessagePort }
}

/** Setting `onmessage` starts a port; adding a listener does not. */
function startOnHandler(prototype: { start(): void }): void {
  const { get, set } = Object.getOwnPropertyDescriptor(
    prototype,
    'onmessage',
  ) as Required<PropertyDescriptor>
  Object.defineProperty(prototype, 'onmessage', {
    configurable: true,
    enumerable: true,
    get,
    set(this: { start(): void }, value: unknown) {
      set.call(this, value)
      this.start()
    },
  })
}
