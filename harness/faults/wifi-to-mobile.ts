import type { Fault } from '../core/fault.ts'
import mobileData from '../effects/mobile-data.ts'

/**
 * The person leaves the Wi-Fi, and comes back to it when the fault ends: the phone stays online on
 * mobile data, but every connection that was open breaks, each time.
 */
export function wifiToMobile(device: string): Fault {
  return {
    name: 'wifi-to-mobile',
    says: `${device}'s phone changes from Wi-Fi to mobile data`,
    nodes: [device],
    effects: [mobileData.spec({ device })],
  }
}

export const example = wifiToMobile('ana')
