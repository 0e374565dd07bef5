/**
 * Parsers of option values. Each reads the text after the option and throws a Problem that names
 * the expected and the received value.
 *
 * @module
 */
import type { Command } from 'commander'
import { Problem } from '../core/problem.ts'
import { TRACE_CHANNELS, type TraceChannel } from '../core/trace.ts'
import { nearest } from './catalog/nearest.ts'

export function wholeNumber(
  option: string,
  least: number,
  most: number,
): (value: string) => number {
  return (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN
    if (number >= least && number <= most) return number
    throw new Problem(`${option} expects a whole number from ${least} to ${most}, got '${value}'`)
  }
}

export const SEED_MAX = 2 ** 31 - 1
/** Each run stays in memory until the reports are written. */
const SEEDS_MAX = 1000

/** Reads '1..50', or '7' for a single seed. Returns the seeds. */
export function seedRange(value: string): number[] {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(value) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (from <= to && to <= SEED_MAX && to - from < SEEDS_MAX)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  throw new Problem(
    `--seeds expects A..B with at most ${SEEDS_MAX} seeds from 0 to ${SEED_MAX}, such as 1..50, ` +
      `or a single seed; got '${value}'`,
  )
}

export type UndecidedChoice = 'fail' | 'warn'

export function undecidedChoice(value: string): UndecidedChoice {
  if (value === 'fail' || value === 'warn') return value
  throw new Problem(`--undecided expects fail or warn, got '${value}'`)
}

/** Collects the values of an option that may be given several times. */
export function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value]
}

/** Refuses any other option that is given twice: only the last value would be used. */
export function eachOnce(command: Command): void {
  for (const option of command.options) {
    if (!option.required || option.parseArg === collected) continue
    const given: string[] = []
    command.on(`option:${option.name()}`, (value: string) => {
      given.push(value)
      if (given.length === 1) return
      const values = given.map((each) => `'${each}'`).join(' and ')
      throw new Problem(`${option.long} was given twice: ${values}; give it once`)
    })
  }
}

export function timeScale(value: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (number >= 1 && number <= 1000) return number
  throw new Problem(
    '--time-scale expects a number from 1 to 1000 (scenario milliseconds per real millisecond), ' +
      `got '${value}'`,
  )
}

export type WorldChoice = 'sim' | 'wire' | 'both'

export function worldChoice(value: string): WorldChoice {
  if (value === 'sim' || value === 'wire' || value === 'both') return value
  throw new Problem(`--world expects sim, wire or both, got '${value}'`)
}

export function toxiproxyChoice(value: string): string {
  if (['auto', 'embedded', 'binary', 'docker'].includes(value)) return value
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value
  throw new Problem(
    '--toxiproxy expects auto, embedded, binary, docker or a URL such as http://127.0.0.1:8474, ' +
      `got '${value}'`,
  )
}

export function traceChannels(value: string): TraceChannel[] {
  const channels = value.split(',').map((name) => traceChannel(name.trim()))
  return TRACE_CHANNELS.filter((channel) => channels.includes(channel))
}

function traceChannel(name: string): TraceChannel {
  const channel = TRACE_CHANNELS.find((known) => known === name)
  if (channel) return channel
  const near = name === '' ? undefined : nearest(name, TRACE_CHANNELS)
  const hint = near === undefined ? '' : ` (did you mean '${near}'?)`
  throw new Problem(
    `--trace expects one or more of ${TRACE_CHANNELS.join(', ')}, separated by commas; ` +
      `got '${name}'${hint}`,
  )
}

export type WireChoice = 'none' | 'failing' | 'all'

export function wireChoice(value: string): WireChoice {
  if (value === 'none' || value === 'failing' || value === 'all') return value
  throw new Problem(`--wire expects none, failing or all, got '${value}'`)
}
