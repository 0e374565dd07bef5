import type { Fault } from '../core/fault.ts'
import { toxic } from './toxic.ts'

/** Only one direction passes. 'upstream' lost: requests vanish. 'downstream' lost: they are carried out, and their answers vanish. */
export function oneWay(device: string, lost: 'upstream' | 'downstream'): Fault {
  return {
    name: 'one-way',
    says:
      lost === 'upstream'
        ? `nothing from ${device} reaches the server`
        : `nothing from the server reaches ${device}`,
    nodes: [device],
    effects: [toxic(device, lost, 'timeout', { timeout: 0 })],
  }
}
