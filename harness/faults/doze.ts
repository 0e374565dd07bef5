import type { Fault } from '../core/fault.ts'
import dozing from '../effects/doze.ts'

/** The phone lies still with its screen off, so Android postpones scheduled work. */
export function doze(device: string): Fault {
  return {
    name: 'doze',
    caption: `${device}'s phone dozes`,
    nodes: [device],
    effects: [dozing.spec({ device })],
  }
}

export const example = doze('ana')
