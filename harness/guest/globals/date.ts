import type { Clock } from '../../core/ports/clock.ts'

const NativeDate = Date

/**
 * Returns the class Date on a device's wall clock. Dates made elsewhere, for example by
 * structuredClone of the platform, are instances of it, too.
 */
export function dateClass(clock: Pick<Clock, 'wall'>): DateConstructor {
  const wall = () => Math.floor(clock.wall())
  function GuestDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new NativeDate(wall()).toString()
    return Reflect.construct(NativeDate, args.length === 0 ? [wall()] : args, new.target)
  }
  const { prototype } = NativeDate
  const statics = Object.getOwnPropertyDescriptors(NativeDate) as PropertyDescriptorMap
  Object.defineProperties(GuestDate, {
    ...statics,
    prototype: {
      value: Object.create(prototype, {
        constructor: { value: GuestDate, writable: true, configurable: true },
      }),
    },
    now: { ...statics.now, value: wall },
    [Symbol.hasInstance]: {
      value(this: unknown, value: unknown) {
        if (this === GuestDate) return value instanceof NativeDate
        return Function.prototype[Symbol.hasInstance].call(this as () => void, value)
      },
    },
  })
  return GuestDate as unknown as DateConstructor
}
