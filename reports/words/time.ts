import { spanText } from '../../harness/core/time.ts'

/** Writes a moment of the scenario: '0.00 s', '12.35 s', '2 m 05.3 s', '3 h 20 m 05 s'. */
export function momentText(ms: number): string {
  // From 59.995 s on, rounding to hundredths would show 60.00 s.
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`
  const tenths = Math.round(ms / 100)
  const minutes = Math.floor(tenths / 600)
  const tenthsLeft = tenths % 600
  if (minutes < 60) return `${minutes} m ${(tenthsLeft / 10).toFixed(1).padStart(4, '0')} s`
  const seconds = Math.floor(tenthsLeft / 10)
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m ${twoDigits(seconds)} s`
}

const twoDigits = (count: number) => String(count).padStart(2, '0')

/** Writes the span since another moment: '+840 ms', '+4.2 s', '−1.5 s'. */
export function laterText(ms: number): string {
  return ms < 0 ? `−${spanText(-ms)}` : `+${spanText(ms)}`
}
