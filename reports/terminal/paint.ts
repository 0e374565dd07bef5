import type colors from 'picocolors'
import type { Verdict } from '../../harness/core/verdict.ts'

/** Colours a text for the terminal; does nothing if colours are off. */
export type Paint = ReturnType<typeof colors.createColors>

export function verdictPaint(verdict: Verdict, paint: Paint): (text: string) => string {
  return { pass: paint.green, fail: paint.red, unknown: paint.yellow }[verdict]
}
