import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * A Wi-Fi that wants a sign-in first, as on trains and in stations: it answers every request with
 * its own page, 200 and HTML. The phone reports a network, and the server sees nothing.
 */
export function captivePortal(device: string): Fault {
  return {
    name: 'captive-portal',
    caption: `${device}'s Wi-Fi answers everything with a sign-in page`,
    nodes: [device],
    effects: [httpResponse.spec({ device, moment: 'before', status: 200, body: 'html' })],
  }
}

export const example = captivePortal('ana')
