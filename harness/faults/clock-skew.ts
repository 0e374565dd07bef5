import type { Fault } from '../core/fault.ts'
import { type Duration, milliseconds, spanText } from '../core/time.ts'
import skewed from '../effects/clock-skew.ts'

/** The device's wall clock is wrong by the span `by`. Timers are not affected. */
export function clockSkew(device: string, direction: 'ahead' | 'behind', by: Duration): Fault {
  const span = milliseconds(by)
  return {
    name: 'clock-skew',
    caption: `${device}'s clock is ${spanText(span)} ${direction}`,
    nodes: [device],
    effects: [skewed.spec({ device, by: direction === 'ahead' ? span : -span })],
  }
}

export const example = clockSkew('ana', 'ahead', '2h')
