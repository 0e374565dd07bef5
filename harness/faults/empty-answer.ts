import type { Fault } from '../core/fault.ts'
import httpResponse from '../effects/http-response.ts'

/**
 * A faulty proxy on the path answers every request itself: 200 without a body. The server sees
 * nothing.
 */
export function emptyAnswer(device: string): Fault {
  return {
    name: 'empty-answer',
    caption: `${device} gets empty answers, and the server gets nothing`,
    nodes: [device],
    effects: [httpResponse.spec({ device, moment: 'before', status: 200, body: 'empty' })],
  }
}

export const example = emptyAnswer('ana')
