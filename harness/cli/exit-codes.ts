/**
 * The exit codes of the command line, each with its meaning. The numbers and the text of `--help`
 * come from this table; a test compares the list in README.md with it.
 *
 * @module
 */
import type { RunResult } from '../core/result.ts'
import type { Verdict } from '../core/verdict.ts'
import type { UndecidedChoice } from './options.ts'

const ENDED_BY_SIGNAL = 'ended by Ctrl-C or SIGTERM; the results up to then are written'

const TABLE = {
  held: { code: 0, meaning: 'everything held' },
  breached: { code: 1, meaning: 'an invariant was breached' },
  undecided: {
    code: 2,
    meaning: 'undecided: a run did not exercise what its scenario asks for, or nothing was played',
  },
  badUsage: { code: 64, meaning: 'bad usage: one line on stderr names what was expected' },
  SIGINT: { code: 130, meaning: ENDED_BY_SIGNAL },
  SIGTERM: { code: 143, meaning: ENDED_BY_SIGNAL },
  SIGPIPE: {
    code: 141,
    meaning: 'the output was closed, as `head` does; the results up to then are written',
  },
} as const

export type Outcome = keyof typeof TABLE

export function exitCode(outcome: Outcome): number {
  return TABLE[outcome].code
}

const OUTCOME_OF_VERDICT: Readonly<Record<Verdict, Outcome>> = {
  pass: 'held',
  fail: 'breached',
  unknown: 'undecided',
}

/** With 'warn' an undecided run is no reason to fail; that nothing was played still is. */
export function exitCodeOf(
  { verdict, results }: Pick<RunResult, 'verdict' | 'results'>,
  undecided: UndecidedChoice,
): number {
  if (verdict === 'unknown' && undecided === 'warn' && results.length > 0) return exitCode('held')
  return exitCode(OUTCOME_OF_VERDICT[verdict])
}

/** Lists each meaning with its codes ('130, 143'). */
export function exitCodeList(): { readonly codes: string; readonly meaning: string }[] {
  const codes = new Map<string, number[]>()
  for (const { code, meaning } of Object.values(TABLE)) {
    codes.set(meaning, [...(codes.get(meaning) ?? []), code])
  }
  return [...codes].map(([meaning, group]) => ({ codes: group.join(', '), meaning }))
}
