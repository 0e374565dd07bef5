import { groupBy } from '../../harness/core/group.ts'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { findingsOf } from '../../harness/core/result.ts'
import type { Verdict } from '../../harness/core/verdict.ts'
import { countText, listText } from './text.ts'

/** '4 runs: 2 passed, 1 failed, 1 undecided; 1 skipped' */
export function tally(run: RunResult): string {
  const by = (verdict: Verdict) => run.results.filter((result) => result.verdict === verdict).length
  const parts = [
    [by('pass'), 'passed'],
    [by('fail'), 'failed'],
    [by('unknown'), 'undecided'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const skipped = run.skipped.length > 0 ? `; ${run.skipped.length} skipped` : ''
  return `${countText(run.results.length, 'run')}${told.length > 0 ? `: ${told.join(', ')}` : ''}${skipped}`
}

/** Why a result is undecided: its own reason, else those of its invariants and what it should have exercised. */
export function whyUnknown(result: ScenarioResult): string[] {
  const short = result.exercised
    .filter(({ got, least }) => got < least)
    .map(
      ({ what, least, got }) =>
        `it should have exercised ${splitCamelCase(what)} at least ${countText(least, 'time')}, got ${got}`,
    )
  const undecided = result.invariants
    .filter(({ verdict }) => verdict === 'unknown')
    .map(({ id, why }) => `${id} cannot be decided${why ? `: ${why}` : ''}`)
  const own = result.why === undefined ? [] : [result.why]
  const reasons = [
    ...own,
    ...[...short, ...undecided].filter((reason) => !own.some((told) => told.includes(reason))),
  ]
  return reasons.length > 0 ? reasons : ['no reason was given']
}

/** 'lostResponses' → 'lost responses' */
export function splitCamelCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** Invariants that decided nothing in any run; undefined when each decided something somewhere. */
export function neverJudged(run: RunResult): string | undefined {
  const all = groupBy(
    run.results.flatMap((result) => result.invariants),
    ({ id }) => id,
  )
  const idle = [...all]
    .filter(([, results]) => results.every(({ verdict }) => verdict === 'idle'))
    .map(([id]) => id)
  if (idle.length === 0) return undefined
  return `Nothing to judge in any run for ${countText(idle.length, 'invariant')}: ${listText(idle)}.`
}

/** Skipped scenarios, one line for each reason: 'Notes (sim, wire): the client keeps no notes'. */
export function skippedLines(run: RunResult): string[] {
  const same = groupBy(run.skipped, ({ title, why }) => `${title}\n${why}`)
  return [...same.values()].flatMap((group) => {
    const [first] = group
    return first
      ? [`${first.title} (${group.map(({ world }) => world).join(', ')}): ${first.why}`]
      : []
  })
}

export function findingCount(result: ScenarioResult): number {
  return findingsOf(result).length
}
