import type { Fault } from '../core/fault.ts'
import deviceCrash from '../effects/device-crash.ts'

/**
 * The app is killed (SIGKILL) while it sends a person's write, and started again when the fault
 * ends. The server carries out the write, and the app never learns of it.
 *
 * @param options.point 'received': the request has just arrived. 'responding': the server has
 * acted, and is about to respond. Default: 'responding'
 */
export function diedWhileSending(
  device: string,
  { point = 'responding' }: { point?: 'received' | 'responding' } = {},
): Fault {
  return {
    name: 'died-while-sending',
    caption: `${device}'s app is killed while it sends`,
    nodes: [device],
    effects: [deviceCrash.spec({ device, point, marked: true })],
  }
}

export const example = diedWhileSending('ana')
