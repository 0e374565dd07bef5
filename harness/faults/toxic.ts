import type { EffectSpec } from '../core/fault.ts'
import toxicEffect from '../effects/toxic.ts'

/**
 * Returns a Toxiproxy toxic as an effect, for the faults of this folder.
 *
 * @param attributes those of the toxic; spans in scenario milliseconds
 * @param toxicity the share of connections that the toxic acts on, 0 to 1. Default: 1
 */
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
