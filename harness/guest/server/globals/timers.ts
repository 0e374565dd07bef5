import { AsyncResource } from 'node:async_hooks'
import { promisify } from 'node:util'
import type { Clock, Timer } from '../../../core/ports/clock.ts'
import type { Life } from '../life.ts'

type Callback = (...args: unknown[]) => void

/** The longest delay of Node's timers; a longer one counts as 1 ms. */
const DELAY_MAX_MS = 2 ** 31 - 1

/** As Node's Timeout and Immediate: what `setTimeout`, `setInterval` and `setImmediate` return. */
class HostedTimer extends AsyncResource {
  readonly #arm: (timer: HostedTimer) => Timer
  readonly id: number
  #timer: Timer | undefined
  #isReferenced = true

  constructor(type: string, id: number, arm: (timer: HostedTimer) => Timer) {
    super(type)
    this.id = id
    this.#arm = arm
    this.refresh()
  }

  refresh(): this {
    this.#timer?.cancel()
    this.#timer = this.#arm(this)
    return this
  }

  close(): this {
    this.#timer?.cancel()
    return this
  }

  ref(): this {
    this.#isReferenced = true
    return this
  }

  unref(): this {
    this.#isReferenced = false
    return this
  }

  hasRef(): boolean {
    return this.#isReferenced
  }

  [Symbol.toPrimitive](): number {
    return this.id
  }
}

/** Node's timers on a scenario's clock. */
export type HostedTimers = ReturnType<typeof hostedTimers>

export function hostedTimers(clock: Clock, life: Life) {
  const timers = new Map<number, HostedTimer>()
  let lastId = 0

  const start = (type: string, callback: unknown, ms: number, args: unknown[], again = false) => {
    if (typeof callback !== 'function')
      throw Object.assign(
        new TypeError(
          `The "callback" argument must be of type function. Received ${String(callback)}`,
        ),
        { code: 'ERR_INVALID_ARG_TYPE' },
      )
    const fire = (timer: HostedTimer) => {
      if (again) timer.refresh()
      else timers.delete(timer.id)
      life.run(() => timer.runInAsyncScope(callback as Callback, timer, ...args))
    }
    const id = ++lastId
    const timer = new HostedTimer(type, id, (self) => clock.after(ms, () => fire(self)))
    timers.set(id, timer)
    return timer
  }
  const stop = (timer: unknown) => {
    const id = timer instanceof HostedTimer ? timer.id : Number(timer)
    timers.get(id)?.close()
    timers.delete(id)
  }

  const setTimeout = (callback: Callback, ms?: number, ...args: unknown[]) =>
    start('Timeout', callback, delayOf(ms), args)
  const setInterval = (callback: Callback, ms?: number, ...args: unknown[]) =>
    start('Timeout', callback, delayOf(ms), args, true)
  const setImmediate = (callback: Callback, ...args: unknown[]) =>
    start('Immediate', callback, 0, args)

  const promises = timerPromises({ setTimeout, setInterval, setImmediate, stop })
  Object.defineProperty(setTimeout, promisify.custom, { value: promises.setTimeout })
  Object.defineProperty(setImmediate, promisify.custom, { value: promises.setImmediate })
  return {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: stop,
    clearInterval: stop,
    clearImmediate: stop,
    promises,
  }
}

function delayOf(ms: unknown): number {
  const delay = Number(ms)
  return delay >= 1 && delay <= DELAY_MAX_MS ? Math.trunc(delay) : 1
}

interface Starters {
  readonly setTimeout: (callback: Callback, ms?: number) => HostedTimer
  readonly setInterval: (callback: Callback, ms?: number) => HostedTimer
  readonly setImmediate: (callback: Callback) => HostedTimer
  readonly stop: (timer: HostedTimer) => void
}

interface WaitOptions {
  readonly signal?: AbortSignal
}

/** The functions of node:timers/promises. */
function timerPromises({ setTimeout, setInterval, setImmediate, stop }: Starters) {
  const wait = <Value>(
    begin: (callback: Callback) => HostedTimer,
    value: Value,
    { signal }: WaitOptions = {},
  ) =>
    new Promise<Value>((resolve, reject) => {
      if (signal?.aborted) return reject(abortError(signal))
      const timer = begin(() => {
        signal?.removeEventListener('abort', abort)
        resolve(value)
      })
      const abort = () => {
        stop(timer)
        reject(abortError(signal))
      }
      signal?.addEventListener('abort', abort, { once: true })
    })
  const later = <Value>(ms?: number, value?: Value, options?: WaitOptions) =>
    wait((callback) => setTimeout(callback, ms), value, options)
  return {
    setTimeout: later,
    setImmediate: <Value>(value?: Value, options?: WaitOptions) =>
      wait((callback) => setImmediate(callback), value, options),
    async *setInterval<Value>(ms?: number, value?: Value, { signal }: WaitOptions = {}) {
      let due = 0
      let wake = () => {}
      const timer = setInterval(() => {
        due++
        wake()
      }, ms)
      const onAbort = () => wake()
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        for (;;) {
          if (signal?.aborted) throw abortError(signal)
          if (due === 0)
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          for (; due > 0; due--) yield value
        }
      } finally {
        stop(timer)
        signal?.removeEventListener('abort', onAbort)
      }
    },
    scheduler: {
      wait: (ms: number, options?: WaitOptions) => later(ms, undefined, options),
      yield: () => wait((callback) => setImmediate(callback), undefined),
    },
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  })
}
