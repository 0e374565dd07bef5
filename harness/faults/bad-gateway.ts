import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * A gateway between the device and the server responds 502. The sender cannot know whether the
 * server has acted.
 *
 * @param options.moment 'after': the server has acted on the request. 'before': it never saw it.
 * Default: 'after'
 */
export function badGateway(
  device: string,
  { moment = 'after' }: { moment?: 'before' | 'after' } = {},
): Fault {
  return {
    name: 'bad-gateway',
    caption:
      moment === 'after'
        ? `${device} gets a gateway's error after the server has acted`
        : `${device} gets a gateway's error, and the server gets nothing`,
    nodes: [device],
    effects: [httpResponse.spec({ device, moment, status: 502, body: 'empty' })],
  }
}

export const example = badGateway('ana')
