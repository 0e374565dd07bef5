import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import acksLost from '../effects/acks-lost.ts'

/**
 * Lost acknowledgements: the server applies the device's writes, but its responses to them are
 * lost. The sender cannot know whether a write happened. Everything else passes, polls too.
 *
 * @param options.after the time from a lost response until its connection breaks. Default: 1 s
 */
export function lostAck(device: string, { after = '1s' }: { after?: Duration } = {}): Fault {
  return {
    name: 'lost-ack',
    caption: `acknowledgements for ${device} are lost`,
    nodes: [device],
    effects: [acksLost.spec({ device, after: Math.max(1, milliseconds(after)) })],
  }
}

export const example = lostAck('ana')
