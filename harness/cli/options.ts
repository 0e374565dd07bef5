import { Problem } from '../core/problem.ts'

/** Readers of option values: each takes what was typed, and throws a Problem that says what was expected and what came. */

export function wholeNumber(
  option: string,
  least: number,
  most: number,
): (given: string) => number {
  return (given) => {
    const value = /^-?\d+$/.test(given) ? Number(given) : Number.NaN
    if (value >= least && value <= most) return value
    throw new Problem(`${option} expects a whole number from ${least} to ${most}, got '${given}'`)
  }
}

export function timeScale(given: string): number {
  const value = given.trim() === '' ? Number.NaN : Number(given)
  if (value >= 1 && value <= 1000) return value
  throw new Problem(
    `--time-scale expects a number from 1 to 1000 (scenario milliseconds to a real one), got '${given}'`,
  )
}

export type WorldChoice = 'sim' | 'wire' | 'both'

export function worldChoice(given: string): WorldChoice {
  if (given === 'sim' || given === 'wire' || given === 'both') return given
  throw new Problem(`--world expects sim, wire or both, got '${given}'`)
}

export function toxiproxyChoice(given: string): string {
  if (['auto', 'embedded', 'binary', 'docker'].includes(given)) return given
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given
  throw new Problem(
    `--toxiproxy expects auto, embedded, binary, docker or a URL such as http://127.0.0.1:8474, got '${given}'`,
  )
}
