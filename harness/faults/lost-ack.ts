import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { toxic } from './toxic.ts'

/**
 * Lost acknowledgements: the server applies the device's writes, but its responses are lost. The
 * sender cannot know whether a write happened.
 *
 * @param options.after the time from a lost response until its connection closes. Default: 1 s
 */
export function lostAck(device: string, { after = '1s' }: { after?: Duration } = {}): Fault {
  return {
    name: 'lost-ack',
    caption: `answers to ${device} are lost`,
    nodes: [device],
    effects: [
      toxic(device, 'downstream', 'timeout', { timeout: Math.max(1, milliseconds(after)) }),
    ],
  }
}

export const example = lostAck('ana')
