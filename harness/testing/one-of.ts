import type { Random } from '../core/random.ts'

/** Draws one of the values. */
export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.int(0, values.length - 1)] as Value
}
