import type { Clock } from '../../../core/ports/clock.ts'

/** Returns a Date that reads the clock. Dates of the machine are instances of it, too. */
export function hostedDate(clock: Clock): DateConstructor {
  const now = () => Math.floor(clock.wall())
  class HostedDate extends Date {
    constructor(...args: []) {
      if (args.length === 0) super(now())
      else super(...args)
    }

    static override now(): number {
      return now()
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Date
    }
  }
  Object.defineProperty(HostedDate, 'name', { value: 'Date' })
  Object.defineProperty(HostedDate, 'length', { value: 7 })
  // Without `new`, it returns the time as a text.
  return new Proxy(HostedDate, {
    apply: () => new Date(now()).toString(),
  }) as unknown as DateConstructor
}

/** Returns `performance` on the clock, without its recording of entries. */
export function hostedPerformance(clock: Clock): Performance {
  const bornAt = clock.now()
  const timeOrigin = clock.wall()
  const now = () => clock.now() - bornAt
  const entry = (entryType: string) => (name: string) => ({
    name,
    entryType,
    startTime: now(),
    duration: 0,
    detail: null,
  })
  const none = () => []
  const hosted = {
    now,
    timeOrigin,
    mark: entry('mark'),
    measure: entry('measure'),
    clearMarks: () => {},
    clearMeasures: () => {},
    clearResourceTimings: () => {},
    getEntries: none,
    getEntriesByName: none,
    getEntriesByType: none,
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    timerify: <Work>(work: Work) => work,
    toJSON: () => ({ timeOrigin }),
  }
  return hosted as unknown as Performance
}
