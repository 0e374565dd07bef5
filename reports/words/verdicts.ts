import { groupBy } from '../../harness/core/group.ts'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { findingsOf } from '../../harness/core/result.ts'
import type { Verdict } from '../../harness/core/verdict.ts'
import { countText, listText, prefixed } from './text.ts'

/** '✗ fail': the sign makes the verdict readable without colour. */
export const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  unknown: '? unknown',
}

/** '4 runs: 2 passed, 1 failed, 1 undecided; 1 skipped' */
export function tally({ results, skipped }: RunResult): string {
  const count = (wanted: Verdict) => results.filter(({ verdict }) => verdict === wanted).length
  const counts = countsText([
    [count('pass'), 'passed'],
    [count('fail'), 'failed'],
    [count('unknown'), 'undecided'],
  ])
  const skippedText = skipped.length > 0 ? `; ${skipped.length} skipped` : ''
  return `${countText(results.length, 'run')}${prefixed(': ', counts.join(', '))}${skippedText}`
}

/** Returns the counts that are not 0: ['2 passed', '1 failed']. */
export function countsText(counts: readonly (readonly [count: number, what: string])[]): string[] {
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))
}

/** Lists why a result is undecided: its own reason, too little exercised, undecided invariants. */
export function reasonsUnknown(result: ScenarioResult): string[] {
  const own = result.why === undefined ? [] : [result.why]
  const notExercised = result.exercised
    .filter(({ got, least }) => got < least)
    .map(
      ({ what, least, got }) =>
        `it should have exercised ${splitCamelCase(what)} ` +
        `at least ${countText(least, 'time')}, got ${got}`,
    )
  const undecided = result.invariants
    .filter(({ verdict }) => verdict === 'unknown')
    .map(({ id, why }) => `${id} cannot be decided${prefixed(': ', why)}`)
  const others = [...notExercised, ...undecided].filter(
    (reason) => !own.some((why) => why.includes(reason)),
  )
  const reasons = [...own, ...others]
  return reasons.length > 0 ? reasons : ['no reason was given']
}

/** 'failedRequests' → 'failed requests' */
export function splitCamelCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** Names the invariants that were idle in every run; undefined if there are none. */
export function idleInvariantsText(run: RunResult): string | undefined {
  const byId = groupBy(
    run.results.flatMap((result) => result.invariants),
    ({ id }) => id,
  )
  const idle = [...byId]
    .filter(([, results]) => results.every(({ verdict }) => verdict === 'idle'))
    .map(([id]) => id)
  if (idle.length === 0) return undefined
  const invariants = countText(idle.length, 'invariant')
  return `Nothing to judge in any run for ${invariants}: ${listText(idle)}.`
}

/**
 * The measured figures, one line per invariant: the largest of all runs, with the run that it comes
 * from if there are several.
 */
export function figureLines({ results }: RunResult): string[] {
  const several = new Set(results.map(({ client }) => client)).size > 1
  const figures = results.flatMap(({ title, world, client, invariants }) =>
    invariants.flatMap(({ id, figure }) =>
      figure === undefined
        ? []
        : [{ id, figure, run: `${title}, ${world}${several ? `, ${client}` : ''}` }],
    ),
  )
  return [...groupBy(figures, ({ id }) => id)].flatMap(([id, group]) => {
    const [largest] = group.toSorted((a, b) => numberIn(b.figure) - numberIn(a.figure))
    if (!largest) return []
    const run = results.length > 1 ? ` (${largest.run})` : ''
    return [`${id}: ${group.length > 1 ? 'at most ' : ''}${largest.figure}${run}`]
  })
}

/** The number that a figure begins with: 14 for '14 retries'. */
const numberIn = (figure: string) => Number.parseFloat(figure) || 0

/** Lists skipped scenarios, one line per reason: 'Notes (sim, wire): the client keeps no notes'. */
export function skippedLines(run: RunResult): string[] {
  const several = new Set([...run.results, ...run.skipped].map(({ client }) => client)).size > 1
  const clientOf = ({ client, why }: RunResult['skipped'][number]) =>
    several && client !== undefined && !why.includes(client) ? `, ${client}` : ''
  const byReason = groupBy(
    run.skipped,
    (skipped) => `${skipped.title}${clientOf(skipped)}\n${skipped.why}`,
  )
  return [...byReason.values()].flatMap((group) => {
    const [first] = group
    const worlds = new Set(group.map(({ world }) => world))
    if (!first) return []
    return [`${first.title} (${[...worlds].join(', ')}${clientOf(first)}): ${first.why}`]
  })
}

/** States once for each server that does not report its writes how its commits are known. */
export function holdingsLines({ results }: RunResult): string[] {
  const servers = results.filter(({ serverTells }) => serverTells === 'holdings')
  return [...new Set(servers.map(({ server }) => server))].map(
    (name) => `server ${name}: tells only what it holds; commits are derived from its dump`,
  )
}

export function findingCount(result: ScenarioResult): number {
  return findingsOf(result).length
}
