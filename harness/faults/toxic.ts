import type { Effect } from '../core/fault.ts'

/** One Toxiproxy toxic as an effect, for the faults of this folder. Spans in scenario milliseconds. */
export function toxic(
  device: string,
  stream: 'upstream' | 'downstream',
  type: string,
  attributes: Readonly<Record<string, number>>,
  toxicity = 1,
): Effect {
  return { effect: 'toxic', device, toxic: { type, stream, toxicity, attributes } }
}
