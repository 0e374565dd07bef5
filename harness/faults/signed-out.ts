import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * The device's session has expired: 401 to everything until the app has renewed it with
 * `POST /session`, which reaches the server. An app that knows no sessions waits for the end of
 * the fault.
 */
export function signedOut(device: string): Fault {
  return {
    name: 'signed-out',
    caption: `${device} is signed out`,
    nodes: [device],
    effects: [
      httpResponse.spec({
        device,
        moment: 'before',
        status: 401,
        body: 'empty',
        until: { method: 'POST', path: '/session' },
      }),
    ],
  }
}

export const example = signedOut('ana')
