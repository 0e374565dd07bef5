import type { AttributeUnit, Toxic } from '../../../link/toxic.ts'

const SCALED: Readonly<Record<AttributeUnit, (value: number, timeScale: number) => number>> = {
  ms: (value, timeScale) => span(value / timeScale),
  µs: (value, timeScale) => span(value / timeScale),
  'KB/s': (value, timeScale) => Math.round(value * timeScale),
  plain: (value) => value,
}

/**
 * Converts a toxic's attributes from scenario time to real time: `timeScale` scenario milliseconds
 * are one real millisecond. Rounds to whole numbers, as the API requires. Attributes that the toxic
 * does not have are returned unchanged.
 */
export function scaleAttributes(
  toxic: Pick<Toxic, 'attributes'>,
  attributes: Readonly<Record<string, number>>,
  timeScale: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      SCALED[toxic.attributes[name]?.unit ?? 'plain'](value, timeScale),
    ]),
  )
}

/** Keeps a short wait above 0, which may have another meaning (a timeout of 0 never ends). */
function span(value: number): number {
  return value > 0 ? Math.max(1, Math.round(value)) : Math.round(value)
}
