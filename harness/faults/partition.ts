import type { Fault } from '../core/fault.ts'
import linkDown from '../effects/link-down.ts'

/** The devices cannot reach the server, while their phones report that they are online. */
export function partition(...devices: string[]): Fault {
  return {
    name: 'partition',
    caption: `${devices.join(' and ')} cut off from the server`,
    nodes: devices,
    effects: devices.map((device) => linkDown.spec({ device })),
  }
}

export const example = partition('ana', 'ben')
