import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { toxic } from './toxic.ts'

/**
 * The server carries out what the device asks, and the answer is lost: the connection closes `after` it has been swallowed. The sender cannot know
 * whether its write happened.
 */
export function lostAck(device: string, { after = '1s' }: { after?: Duration } = {}): Fault {
  return {
    name: 'lost-ack',
    says: `answers to ${device} are lost`,
    nodes: [device],
    effects: [
      toxic(device, 'downstream', 'timeout', { timeout: Math.max(1, milliseconds(after)) }),
    ],
  }
}
