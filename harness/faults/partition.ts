import type { Fault } from '../core/fault.ts'
import linkDown from '../effects/link-down.ts'

/** The server cannot be reached from these devices, while their phones say that the network is fine. */
export function partition(...devices: string[]): Fault {
  return {
    name: 'partition',
    says: `${devices.join(' and ')} cut off from the server`,
    nodes: devices,
    effects: devices.map((device) => linkDown.spec({ device })),
  }
}
