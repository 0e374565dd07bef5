import type { Trace, TraceChannel } from '../core/trace.ts'

export interface RecordedTrace extends Trace {
  /** The lines without their times: 'http ana ana-r1 sent: GET /, 0 bytes'. */
  readonly lines: readonly string[]
}

/** Returns a trace that keeps its lines. */
export function recordedTrace(...channels: TraceChannel[]): RecordedTrace {
  const lines: string[] = []
  return {
    lines,
    has: (channel) => channels.includes(channel),
    line: (channel, _t, node, what) => lines.push(`${channel} ${node} ${what}`),
  }
}
