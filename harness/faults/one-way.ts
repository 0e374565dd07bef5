import type { Fault } from '../core/fault.ts'
import { toxic } from './toxic.ts'

/**
 * Data passes in one direction only. If `lost` is 'upstream', requests do not arrive. If it is
 * 'downstream', they arrive and are applied, but the responses do not arrive.
 */
export function oneWay(device: string, lost: 'upstream' | 'downstream'): Fault {
  return {
    name: 'one-way',
    caption:
      lost === 'upstream'
        ? `nothing from ${device} reaches the server`
        : `nothing from the server reaches ${device}`,
    nodes: [device],
    effects: [toxic(device, lost, 'timeout', { timeout: 0 })],
  }
}

export const example = oneWay('ana', 'upstream')
