import type { Clock } from '../../../core/ports/clock.ts'

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
