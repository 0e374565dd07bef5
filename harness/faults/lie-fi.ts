import type { Fault } from '../core/fault.ts'
import { toxic } from './toxic.ts'

/**
 * Lie-fi: the phone reports a network and connections open, but no data passes in either direction.
 * Requests hang until their deadline, if they have one.
 */
export function lieFi(device: string): Fault {
  return {
    name: 'lie-fi',
    caption: `${device} has bars, but nothing passes`,
    nodes: [device],
    effects: [
      toxic(device, 'upstream', 'timeout', { timeout: 0 }),
      toxic(device, 'downstream', 'timeout', { timeout: 0 }),
    ],
  }
}

export const example = lieFi('ana')
