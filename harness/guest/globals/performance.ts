import type { Clock } from '../../core/ports/clock.ts'

interface Entry {
  readonly name: string
  readonly entryType: 'mark' | 'measure'
  readonly startTime: number
  readonly duration: number
  readonly detail: unknown
}

interface MeasureOptions {
  readonly start?: string | number
  readonly end?: string | number
  readonly duration?: number
  readonly detail?: unknown
}

/** Returns `performance` on scenario time: zero is the start of the incarnation. */
export function performanceObject(clock: Clock) {
  const zero = clock.now()
  const timeOrigin = clock.wall()
  const now = () => clock.now() - zero
  let entries: Entry[] = []
  const add = (entry: Entry): Entry => {
    entries.push(entry)
    return entry
  }
  const timeOf = (mark: string | number | undefined, otherwise: number): number => {
    if (mark === undefined) return otherwise
    if (typeof mark === 'number') return mark
    const found = entries.findLast(({ name, entryType }) => name === mark && entryType === 'mark')
    if (found) return found.startTime
    throw new DOMException(`The mark '${mark}' does not exist.`, 'SyntaxError')
  }
  const clear = (type: Entry['entryType']) => (name?: string) => {
    entries = entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== name),
    )
  }
  const select = (test: (entry: Entry) => boolean) =>
    entries.filter(test).sort((a, b) => a.startTime - b.startTime)
  return {
    now,
    timeOrigin,
    mark: (name: string, options: { startTime?: number; detail?: unknown } = {}) =>
      add({
        name: String(name),
        entryType: 'mark',
        startTime: options.startTime ?? now(),
        duration: 0,
        detail: options.detail ?? null,
      }),
    measure: (name: string, from?: string | MeasureOptions, to?: string) => {
      const options: MeasureOptions = typeof from === 'object' && from !== null ? from : {}
      const start = timeOf(typeof from === 'string' ? from : options.start, 0)
      const fallback = options.duration === undefined ? now() : start + options.duration
      const end = timeOf(to ?? options.end, fallback)
      return add({
        name: String(name),
        entryType: 'measure',
        startTime: start,
        duration: end - start,
        detail: options.detail ?? null,
      })
    },
    clearMarks: clear('mark'),
    clearMeasures: clear('measure'),
    clearResourceTimings: () => {},
    getEntries: () => select(() => true),
    getEntriesByType: (type: string) => select(({ entryType }) => entryType === type),
    getEntriesByName: (name: string, type?: string) =>
      select((entry) => entry.name === name && (type === undefined || entry.entryType === type)),
    toJSON: () => ({ timeOrigin }),
  }
}
