import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * A faulty proxy on the path passes only the first half of each response, with the server's own
 * status and as if it were all. The server has acted.
 */
export function cutAnswer(device: string): Fault {
  return {
    name: 'cut-answer',
    caption: `answers to ${device} are cut in half`,
    nodes: [device],
    effects: [httpResponse.spec({ device, moment: 'after', body: 'cut' })],
  }
}

export const example = cutAnswer('ana')
