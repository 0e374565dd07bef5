import type { AttributeUnit, Toxic } from '../../../link/toxic.ts'

const SCALED: Readonly<Record<AttributeUnit, (value: number, timeScale: number) => number>> = {
  ms: (value, timeScale) => span(value / timeScale),
  µs: (value, timeScale) => span(value / timeScale),
  'KB/s': (value, timeScale) => Math.round(value * timeScale),
  plain: (value) => value,
}

/**
 * A toxic's attributes in real time, from scenario time: `timeScale` scenario milliseconds pass in a real one. Whole numbers, as the API wants them. What the toxic
 * does not know stays as it is.
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

/** A short wait must not become none: 0 often means something else (a timeout of 0 is for ever). */
function span(value: number): number {
  return value > 0 ? Math.max(1, Math.round(value)) : Math.round(value)
}
