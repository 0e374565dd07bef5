import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds, spanText } from '../core/time.ts'
import httpDelay from '../effects/http-delay.ts'

/**
 * The server acts at once and its responses come much later, on a connection that stays open: when
 * the app has stopped waiting. Most HTTP clients that have a deadline wait 10 to 30 seconds.
 *
 * @param options.by the time that each response is held back. Default: 40 s
 */
export function slowAnswer(device: string, { by = '40s' }: { by?: Duration } = {}): Fault {
  const ms = milliseconds(by)
  return {
    name: 'slow-answer',
    caption: `answers to ${device} come ${spanText(ms)} late`,
    nodes: [device],
    effects: [httpDelay.spec({ device, moment: 'after', ms })],
  }
}

export const example = slowAnswer('ana')
