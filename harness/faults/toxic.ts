import type { EffectSpec } from '../core/fault.ts'
import toxicEffect from '../effects/toxic.ts'

/** One Toxiproxy toxic as an effect, for the faults of this folder. Spans in scenario milliseconds. */
export function toxic(
  device: string,
  stream: 'upstream' | 'downstream',
  type: string,
  attributes: Readonly<Record<string, number>>,
  toxicity = 1,
): EffectSpec {
  return toxicEffect.spec({
    device,
    toxic: { type, stream, toxicity, attributes: { ...attributes } },
  })
}
