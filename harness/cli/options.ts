/**
 * Parsers of option values. Each reads the text after the option and throws a Problem that names
 * the expected and the received value.
 *
 * @module
 */
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
