import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * The server, or the load balancer in front of it, turns the device away: 503 with Retry-After. It
 * acts on nothing.
 *
 * @param options.retryAfter the wait that it asks for, in whole seconds. Default: 20 s
 */
export function overloaded(
  device: string,
  { retryAfter = '20s' }: { retryAfter?: Duration } = {},
): Fault {
  return {
    name: 'overloaded',
    caption: `the server is overloaded and turns ${device} away`,
    nodes: [device],
    effects: [
      httpResponse.spec({
        device,
        moment: 'before',
        status: 503,
        retryAfter: milliseconds(retryAfter),
        body: 'empty',
      }),
    ],
  }
}

export const example = overloaded('ana')
