import type { Fault } from '../core/fault.ts'
import linkDown from '../effects/link-down.ts'
import offline from '../effects/offline.ts'

/** No signal: connections break and are refused, and the phone reports that it is offline. */
export function tunnel(device: string): Fault {
  return {
    name: 'tunnel',
    caption: `${device} is in a tunnel`,
    nodes: [device],
    effects: [offline.spec({ device }), linkDown.spec({ device })],
  }
}

export const example = tunnel('ana')
