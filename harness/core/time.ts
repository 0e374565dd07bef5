import { Problem } from './problem.ts'

/** A span of scenario time: milliseconds, or a text such as '250ms', '2s', '1.5m', '4h', '1d'. */
export type Duration = number | string

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Returns the milliseconds of a {@link Duration}. Throws a Problem if invalid or negative. */
export function milliseconds(span: Duration): number {
  if (typeof span === 'number' && Number.isFinite(span) && span >= 0) return Math.round(span)
  const parts = typeof span === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(span.trim()) : null
  const unit = UNITS[parts?.[2] ?? '']
  if (!parts || unit === undefined) {
    const received = JSON.stringify(span)
    throw new Problem(
      `a span of time is milliseconds or a text such as '2s', '1.5m' or '4h'; got ${received}`,
    )
  }
  return Math.round(Number(parts[1]) * unit)
}

/** Formats a span for people: '840 ms', '4.2 s', '2 m 5 s', '3 h 20 m'. */
export function spanText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'm', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm')
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** The wall clock of every node at scenario time 0: 2026-01-01T08:00:00Z. */
export const EPOCH_WALL = Date.UTC(2026, 0, 1, 8)
