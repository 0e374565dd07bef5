import type { Fault } from '../core/fault.ts'
import mobileData from '../effects/mobile-data.ts'

/**
 * The person leaves the Wi-Fi, and returns to it when the fault ends. The phone stays online on
 * mobile data, but both changes break all open connections.
 */
export function wifiToMobile(device: string): Fault {
  return {
    name: 'wifi-to-mobile',
    caption: `${device}'s phone changes from Wi-Fi to mobile data`,
    nodes: [device],
    effects: [mobileData.spec({ device })],
  }
}

export const example = wifiToMobile('ana')
