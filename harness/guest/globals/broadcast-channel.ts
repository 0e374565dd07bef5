import { type GlobalClass, ORIGIN, type Realm } from '../realm/realm.ts'
import { addHandlers, eventWith } from './event-target.ts'

/** Returns BroadcastChannel. The app is a single page: it hears itself through other channels. */
export function broadcastChannelClass(
  realm: Realm,
  Target: typeof EventTarget,
  clone: (value: unknown) => unknown,
): GlobalClass {
  const { clock } = realm.ports
  const open = new Set<BroadcastChannel>()
  class BroadcastChannel extends Target {
    readonly name: string

    constructor(name: unknown) {
      super()
      this.name = String(name)
      open.add(this)
    }

    postMessage(message: unknown): void {
      if (!open.has(this)) throw new DOMException('The channel is closed.', 'InvalidStateError')
      const data = clone(message)
      for (const other of open) {
        if (other === this || other.name !== this.name) continue
        const event = eventWith(new Event('message'), { data: clone(data), origin: ORIGIN })
        clock.after(
          0,
          realm.bind(() => {
            if (open.has(other)) other.dispatchEvent(event)
          }),
        )
      }
    }

    close(): void {
      open.delete(this)
    }

    unref(): void {}
  }
  addHandlers(BroadcastChannel.prototype, 'message', 'messageerror')
  return BroadcastChannel
}
