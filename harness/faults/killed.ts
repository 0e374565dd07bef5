import type { Fault } from '../core/fault.ts'
import deviceDead from '../effects/device-dead.ts'

/** The app is killed (SIGKILL) when the fault begins, and started again when it ends. */
export function killed(device: string): Fault {
  return {
    name: 'killed',
    caption: `${device}'s app is killed`,
    nodes: [device],
    effects: [deviceDead.spec({ device })],
  }
}

export const example = killed('ana')
