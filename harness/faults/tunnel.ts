import type { Fault } from '../core/fault.ts'

/** No signal at all: connections break and are refused, and the phone knows that it is offline. */
export function tunnel(device: string): Fault {
  return {
    name: 'tunnel',
    says: `${device} is in a tunnel`,
    nodes: [device],
    effects: [
      { effect: 'offline', device },
      { effect: 'link-down', device },
    ],
  }
}
