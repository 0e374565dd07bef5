import type { History } from '../core/history.ts'
import type { Invariant } from '../core/invariant.ts'
import { messageOf } from '../core/problem.ts'
import type { InvariantResult } from '../core/result.ts'
import { type Verdict, worst } from '../core/verdict.ts'
import { bypasses } from './bypasses.ts'
import { doubtfulFindings, doubtsOf } from './doubts.ts'
import { hiddenCapabilities, withHidden } from './hidden-capabilities.ts'
import { MEASURES } from './measure.ts'
import type { RunJudgement } from './result.ts'
import { setAside } from './set-aside.ts'

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
    .map((invariant) => {
      const result = judgeOne(history, invariant, demanded !== undefined)
      const sound = setAside(result, isDoubtful, IN_INVALID_REPORTS)
      const shown = withHidden(sound, invariant, history, hidden)
      return setAside(shown, () => bypassed.length > 0, FROM_A_BYPASS)
    })
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

const IN_INVALID_REPORTS = 'what it misses may be in invalid reports'
const FROM_A_BYPASS = 'its findings may come from a global where a port would be right'

/**
 * Returns the `seq` of the first event that proves a breach, to sort by. Breaches come first, in
 * the order in which they became visible, so that a cause comes before its consequences.
 */
function firstProof({ findings }: InvariantResult): number {
  if (findings.length === 0) return Number.MAX_SAFE_INTEGER
  return Math.min(...findings.flatMap(({ evidence }) => evidence), Number.MAX_SAFE_INTEGER)
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
    const { judged, findings, undecided, figure, idle } = invariant.check(history)
    const copies = findings.map(({ message, opIds, evidence }) => ({
      message,
      opIds: [...opIds],
      evidence: [...evidence],
    }))
    const base = { id, promise, judged, ...(figure !== undefined && { figure }), findings: copies }
    if (copies.length > 0) return { ...base, verdict: 'fail' }
    if (undecided !== undefined) return { ...base, verdict: 'unknown', why: undecided }
    if (judged === 0) return nothing(idle ?? 'nothing in this run to check')
    return { ...base, verdict: 'pass' }
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
