import type { Timer } from '../../core/ports/clock.ts'
import type { Globals, Realm } from '../realm/realm.ts'

/** As in browsers: timers that are set by timers wait at least this long, from this depth on. */
const NESTED_MIN_MS = 4
const NESTED_DEPTH = 5
/** Immediates that set immediates without an end must let time pass. */
const IMMEDIATE_DEPTH = 500
const FRAME_MS = 16
const IDLE_MS = 1
/** The time that an idle callback is granted. */
const IDLE_REMAINING_MS = 50

type Task = (...args: unknown[]) => void

/** Timers on the clock's port. */
export function timerGlobals(realm: Realm): Globals {
  const { clock } = realm.ports
  const timers = new Map<number, Timer>()
  let lastId = 0
  /** The number of timers of which each set the next one, up to the task that runs. */
  let depth = 0

  const start = (id: number, ms: number, level: number, task: () => void): void => {
    const run = realm.bind(() => {
      depth = level
      try {
        task()
      } finally {
        depth = 0
      }
    })
    timers.set(id, clock.after(ms, run))
  }
  const clear = (id: unknown): void => {
    timers.get(Number(id))?.cancel()
    timers.delete(Number(id))
  }
  const setTimeout = (handler: unknown, ms?: unknown, ...args: unknown[]): number => {
    const task = callable(handler, 'setTimeout')
    const id = ++lastId
    const level = depth + 1
    start(id, delay(ms, level), level, () => {
      timers.delete(id)
      task(...args)
    })
    return id
  }
  const setInterval = (handler: unknown, ms?: unknown, ...args: unknown[]): number => {
    const task = callable(handler, 'setInterval')
    const id = ++lastId
    const arm = (level: number): void =>
      start(id, Math.max(1, delay(ms, level)), level, () => {
        arm(level + 1)
        task(...args)
      })
    arm(depth + 1)
    return id
  }
  const setImmediate = (handler: unknown, ...args: unknown[]): number => {
    const task = callable(handler, 'setImmediate')
    const id = ++lastId
    const level = depth + 1
    start(id, level % IMMEDIATE_DEPTH === 0 ? 1 : 0, level, () => {
      timers.delete(id)
      task(...args)
    })
    return id
  }
  const after = (ms: number, handler: unknown, name: string, argument: () => unknown): number => {
    const task = callable(handler, name)
    const id = ++lastId
    start(id, ms, depth + 1, () => {
      timers.delete(id)
      task(argument())
    })
    return id
  }
  const idle = { didTimeout: false, timeRemaining: () => IDLE_REMAINING_MS }
  return {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    requestAnimationFrame: (task: unknown) =>
      after(FRAME_MS, task, 'requestAnimationFrame', () => clock.now()),
    cancelAnimationFrame: clear,
    requestIdleCallback: (task: unknown) => after(IDLE_MS, task, 'requestIdleCallback', () => idle),
    cancelIdleCallback: clear,
    queueMicrotask: (task: unknown) => {
      const reaction = callable(task, 'queueMicrotask')
      void RESOLVED.then(() => {
        try {
          reaction()
        } catch (error) {
          realm.report(error)
        }
      })
    },
  }
}

// Made early: a library may replace Promise.resolve, as Dexie does while a transaction lasts.
const RESOLVED = Promise.resolve()

/** Returns the milliseconds, of which a browser keeps 32 bits. */
function delay(ms: unknown, level: number): number {
  const asked = Math.max(0, Number(ms) | 0)
  return level > NESTED_DEPTH ? Math.max(NESTED_MIN_MS, asked) : asked
}

function callable(handler: unknown, name: string): Task {
  if (typeof handler === 'function') return handler as Task
  throw new TypeError(`${name} expects a function, got ${typeof handler}`)
}
