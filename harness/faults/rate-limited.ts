import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * The device has sent too many requests: 429 with Retry-After. The server acts on nothing.
 *
 * @param options.retryAfter the wait that it asks for, in whole seconds. Default: 20 s
 */
export function rateLimited(
  device: string,
  { retryAfter = '20s' }: { retryAfter?: Duration } = {},
): Fault {
  return {
    name: 'rate-limited',
    caption: `the server tells ${device} to slow down`,
    nodes: [device],
    effects: [
      httpResponse.spec({
        device,
        moment: 'before',
        status: 429,
        retryAfter: milliseconds(retryAfter),
        body: 'empty',
      }),
    ],
  }
}

export const example = rateLimited('ana')
