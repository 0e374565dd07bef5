import type { History } from '../core/history.ts'
import type { Invariant } from '../core/invariant.ts'
import { messageOf } from '../core/problem.ts'
import type { InvariantResult } from '../core/result.ts'
import { type Verdict, worst } from '../core/verdict.ts'
import { measure } from './measure.ts'
import type { RunJudgement } from './result.ts'

/**
 * Holds a history against the invariants. Fail outweighs unknown, unknown outweighs pass; a run that did not exercise what its scenario asks for, or in which no
 * invariant had anything to judge, is unknown.
 */
export function judge(history: History, invariants: readonly Invariant[]): RunJudgement {
  const asked = history.head.scenario.invariants
  const results = invariants
    .filter((invariant) => asked === undefined || asked.includes(invariant.id))
    .map((invariant) => judgeOne(history, invariant, asked !== undefined))
    .sort((a, b) => firstProof(a) - firstProof(b))
  const measured = measure(history)
  const exercised = Object.entries(history.head.scenario.exercised).flatMap(([what, least]) =>
    least === undefined ? [] : [{ what, least, got: measured[what as keyof typeof measured] }],
  )
  const reasons = [
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

/** Breaches come first, in the order in which they first showed: a reader wants the cause before what follows from it. */
function firstProof({ findings }: InvariantResult): number {
  return Math.min(...findings.flatMap(({ evidence }) => evidence), Number.MAX_SAFE_INTEGER)
}

/** `demanded`: the scenario asks for this invariant by name, so having nothing to judge is not idle but unknown. */
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
    const { judged, findings, undecided } = invariant.check(history)
    const found = findings.map(({ message, ops, evidence }) => ({
      message,
      ops: [...ops],
      evidence: [...evidence],
    }))
    if (found.length > 0) return { id, promise, verdict: 'fail', judged, findings: found }
    if (undecided !== undefined)
      return { id, promise, verdict: 'unknown', judged, why: undecided, findings: [] }
    if (judged === 0) return nothing('nothing in this run to hold against it')
    return { id, promise, verdict: 'pass', judged, findings: [] }
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
