/** Rounds to tenths, which keeps the page small. */
export function round(units: number): number {
  return Math.round(units * 10) / 10
}
