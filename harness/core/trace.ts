/**
 * Shows what happens inside a running world, for debugging. Never part of a history; costs nothing
 * while it is off.
 *
 * @module
 */

/**
 * The channels of a trace:
 *
 * - link: toxics added, removed and acting; connections opened, broken and refused
 * - http: requests sent, received, answered and ended
 * - db: transactions committed
 * - timers: timers set and fired by the thing under test
 */
export const TRACE_CHANNELS = ['link', 'http', 'db', 'timers'] as const
export type TraceChannel = (typeof TRACE_CHANNELS)[number]

/** Receives a line for everything that happens on a channel. */
export interface Trace {
  /** The channels that are on. Check before building a line. */
  has(channel: TraceChannel): boolean
  /** `t` in scenario milliseconds; `node` is a device's name or 'server'. */
  line(channel: TraceChannel, t: number, node: string, what: string): void
}

/** Returns a span for a trace line, to a tenth of a millisecond: '12134 ms', '2.5 ms'. */
export function traceSpan(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`
}
