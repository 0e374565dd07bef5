import type { Fault } from '../core/fault.ts'
import { toxic } from './toxic.ts'

/**
 * A bad link at the edge of coverage: high and varying latency, low bandwidth, data in small
 * pieces, and resets.
 *
 * @param options.resets the share of connections that are reset, 0 to 1. Default: 0.3
 */
export function flaky(device: string, { resets = 0.3 }: { resets?: number } = {}): Fault {
  return {
    name: 'flaky',
    caption: `${device}'s link is flaky`,
    nodes: [device],
    effects: [
      toxic(device, 'upstream', 'latency', { latency: 600, jitter: 500 }),
      toxic(device, 'downstream', 'latency', { latency: 600, jitter: 500 }),
      toxic(device, 'upstream', 'bandwidth', { rate: 4 }),
      toxic(device, 'downstream', 'slicer', {
        average_size: 200,
        size_variation: 80,
        delay: 20_000,
      }),
      toxic(device, 'downstream', 'reset_peer', { timeout: 400 }, resets),
    ],
  }
}

export const example = flaky('ana')
