import type { EffectSpec, Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { toxic } from './toxic.ts'

/**
 * All data arrives late: by `upstream` on the way to the server, by `downstream` on the way back,
 * each plus or minus `jitter`. Default: no latency in a direction that is left out, and no jitter.
 */
export function latency(
  device: string,
  {
    upstream,
    downstream,
    jitter = 0,
  }: { upstream?: Duration; downstream?: Duration; jitter?: Duration },
): Fault {
  const slow = (stream: 'upstream' | 'downstream', span: Duration | undefined): EffectSpec[] =>
    span === undefined
      ? []
      : [
          toxic(device, stream, 'latency', {
            latency: milliseconds(span),
            jitter: milliseconds(jitter),
          }),
        ]
  return {
    name: 'latency',
    caption: `${device}'s link is slow`,
    nodes: [device],
    effects: [...slow('upstream', upstream), ...slow('downstream', downstream)],
  }
}

export const example = latency('ana', { upstream: '2s', downstream: '2s' })
