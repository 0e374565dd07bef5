import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { messageOf } from '../core/problem.ts'
import type { InvariantResult } from '../core/result.ts'
import { type Verdict, worst } from '../core/verdict.ts'
import { bypasses, withoutFindings } from './bypasses.ts'
import { doubtfulFindings, doubtsOf } from './doubts.ts'
import { hiddenCapabilities } from './hidden-capabilities.ts'
import { MEASURES } from './measure.ts'
import type { RunJudgement } from './result.ts'

/**
 * Checks a history against the invariants. The worst verdict wins: fail, then unknown, then pass. A
 * run is also unknown if a report in it was invalid, if it did not exercise what its scenario
 * demands, or if no invariant had anything to judge.
 */
export function judge(history: History, invariants: readonly Invariant[]): RunJudgement {
  const demanded = history.head.scenario.invariants
  const hidden = hiddenCapabilities(history)
  const bypassed = bypasses(history)
  const isDoubtful = doubtfulFindings(history)
  const results = invariants
    .filter(({ id }) => demanded === undefined || demanded.includes(id))
    .map((invariant) =>
      withHidden(
        withoutDoubtful(judgeOne(history, invariant, demanded !== undefined), isDoubtful),
        invariant,
        history,
        hidden,
      ),
    )
    .map((result) => (bypassed.length > 0 ? withoutFindings(result) : result))
    .sort((a, b) => firstProof(a) - firstProof(b))
  const exercised = Object.entries(history.head.scenario.exercised).flatMap(([what, least]) =>
    least === undefined
      ? []
      : [{ what, least, got: MEASURES[what as keyof typeof MEASURES](history) }],
  )
  const reasons = [
    ...bypassed,
    ...doubtsOf(history),
    ...exercised
      .filter(({ least, got }) => got < least)
      .map(({ what, least, got }) => `exercised too little: ${what} ${got}, needs ${least}`),
    ...results.filter(({ verdict }) => verdict === 'unknown').map(({ id, why }) => `${id}: ${why}`),
    ...(results.some(({ verdict }) => verdict !== 'idle')
      ? []
      : ['no invariant had anything to judge']),
  ]
  const weighing = results.flatMap(({ verdict }): Verdict[] =>
    verdict === 'idle' ? [] : [verdict],
  )
  const verdict = worst([...weighing, ...(reasons.length > 0 ? (['unknown'] as const) : [])])
  return {
    verdict,
    exercised,
    invariants: results,
    ...(verdict === 'unknown' && { why: reasons.join('; ') }),
  }
}

/**
 * Returns the `seq` of the first event that proves a breach, to sort by. Breaches come first, in
 * the order in which they became visible, so that a cause comes before its consequences.
 */
function firstProof({ findings }: InvariantResult): number {
  if (findings.length === 0) return Number.MAX_SAFE_INTEGER
  return Math.min(...findings.flatMap(({ evidence }) => evidence), Number.MAX_SAFE_INTEGER)
}

/** Drops findings that may be wrong because a report was invalid. Unknown if no other is left. */
function withoutDoubtful(
  result: InvariantResult,
  isDoubtful: (finding: Finding) => boolean,
): InvariantResult {
  const findings = result.findings.filter((finding) => !isDoubtful(finding))
  if (findings.length === result.findings.length) return result
  if (findings.length > 0) return { ...result, findings }
  return {
    ...result,
    verdict: 'unknown',
    findings,
    why: 'what it misses may be in invalid reports',
  }
}

/**
 * Returns the result as it is, unless the invariant needs a capability that the client hides: then
 * it is unknown, because it would have judged what was not shown.
 */
function withHidden(
  result: InvariantResult,
  invariant: Invariant,
  history: History,
  hidden: ReturnType<typeof hiddenCapabilities>,
): InvariantResult {
  const { capabilities } = history.head.client
  const isDecided = result.verdict === 'fail' || result.verdict === 'unknown'
  if (hidden.size === 0 || isDecided || invariant.needs(capabilities) !== undefined) return result
  const without = (names: Iterable<string>) =>
    invariant.needs({
      ...capabilities,
      ...Object.fromEntries([...names].map((name) => [name, false])),
    })
  if (without(hidden.keys()) === undefined) return result
  const alone = [...hidden].filter(([name]) => without([name]) !== undefined)
  const why = (alone.length > 0 ? alone : [...hidden]).map(([, reason]) => reason).join('; ')
  return { ...result, verdict: 'unknown', why }
}

/**
 * Judges one invariant. If the scenario names it (`demanded`), having nothing to judge is unknown
 * rather than idle.
 */
function judgeOne(history: History, invariant: Invariant, demanded: boolean): InvariantResult {
  const { id, promise } = invariant
  const nothing = (why: string): InvariantResult => ({
    id,
    promise,
    verdict: demanded ? 'unknown' : 'idle',
    judged: 0,
    why,
    findings: [],
  })
  const lacking = invariant.needs(history.head.client.capabilities)
  if (lacking !== undefined) return nothing(lacking)
  try {
    const { judged, findings, undecided, figure } = invariant.check(history)
    const copies = findings.map(({ message, opIds, evidence }) => ({
      message,
      opIds: [...opIds],
      evidence: [...evidence],
    }))
    const measured = figure === undefined ? {} : { figure }
    if (copies.length > 0)
      return { id, promise, verdict: 'fail', judged, ...measured, findings: copies }
    if (undecided !== undefined)
      return { id, promise, verdict: 'unknown', judged, why: undecided, ...measured, findings: [] }
    if (judged === 0) return nothing('nothing in this run to check')
    return { id, promise, verdict: 'pass', judged, ...measured, findings: [] }
  } catch (error) {
    return {
      id,
      promise,
      verdict: 'unknown',
      judged: 0,
      why: `the checker itself failed: ${messageOf(error)}`,
      findings: [],
    }
  }
}
