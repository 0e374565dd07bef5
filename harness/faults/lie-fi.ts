import type { Fault } from '../core/fault.ts'
import { toxic } from './toxic.ts'

/** The interface is up and connections open, but nothing passes in either direction: requests hang until somebody gives up. */
export function lieFi(device: string): Fault {
  return {
    name: 'lie-fi',
    says: `${device} has bars, but nothing passes`,
    nodes: [device],
    effects: [
      toxic(device, 'upstream', 'timeout', { timeout: 0 }),
      toxic(device, 'downstream', 'timeout', { timeout: 0 }),
    ],
  }
}
