import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * A gateway between the device and the server responds 502. The sender cannot know whether the
 * server has acted.
 *
 * @param options.moment 'after': the server has acted on the request. 'before': it never saw it.
 * Default: 'after'
 * @param options.to the requests that get it: all, or only those with a person's write. Default:
 * 'everything'
 */
export function badGateway(
  device: string,
  {
    moment = 'after',
    to = 'everything',
  }: { moment?: 'before' | 'after'; to?: 'everything' | 'writes' } = {},
): Fault {
  return {
    name: 'bad-gateway',
    caption:
      moment === 'after'
        ? `${device} gets a gateway's error after the server has acted`
        : `${device} gets a gateway's error, and the server gets nothing`,
    nodes: [device],
    effects: [
      httpResponse.spec({
        device,
        ...(to === 'writes' && { marked: true }),
        moment,
        status: 502,
        body: 'empty',
      }),
    ],
  }
}

export const example = badGateway('ana')
