import type { CellOutcome, CellVerdict } from '../core/matrix.ts'
import { breachedIds, findingsOf, type ScenarioResult } from '../core/result.ts'
import type { SendingCost } from '../invariants/reading/sending-cost.ts'

/** A run of a cell, reduced to what the matrix needs: its history is not kept. */
export interface CellRun {
  readonly result: ScenarioResult
  readonly cost: SendingCost
  /** See {@link recoveryMs}. */
  readonly recoveryMs: number | undefined
  /** The lines for the evidence of the first finding. */
  readonly evidence: readonly string[]
}

/** Sums up the runs of a cell in one world, with one seed each. The worst verdict is the cell's. */
export function cellOutcome(runs: readonly CellRun[]): CellOutcome {
  const verdict = verdictOf(runs)
  const kind = kindOf(verdict)
  const alike = runs.filter(({ result }) => result.verdict === kind)
  const [shown] = alike
  const finding = shown && findingsOf(shown.result)[0]?.message
  const recoveries = runs.map((run) => run.recoveryMs)
  const recovered = recoveries.every((ms) => ms !== undefined)
  return {
    verdict,
    runs: runs.length,
    alike: alike.length,
    ...(finding !== undefined && { finding }),
    evidence: finding === undefined ? [] : [...(shown?.evidence ?? [])],
    ...(kind === 'unknown' && { why: shown?.result.why ?? 'no reason was given' }),
    ...(shown && { replay: shown.result.replay }),
    cost: {
      writes: sum(runs, ({ cost }) => cost.writes),
      requests: sum(runs, ({ cost }) => cost.requests),
      bytes: sum(runs, ({ cost }) => cost.bytes),
    },
    ...(recovered && { recoveryMs: Math.max(0, ...recoveries.map((ms = 0) => ms)) }),
  }
}

/** Returns the outcome of a scenario that the client cannot play. */
export function skippedOutcome(why: string): CellOutcome {
  const cost = { writes: 0, requests: 0, bytes: 0 }
  return { verdict: 'skipped', runs: 0, alike: 0, evidence: [], why, cost }
}

function verdictOf(runs: readonly CellRun[]): CellVerdict {
  const failed = runs.flatMap(({ result }) => breachedOf(result))
  if (failed.length > 0) return [...new Set(failed)].sort()
  const undecided = runs.length === 0 || runs.some(({ result }) => result.verdict !== 'pass')
  return undecided ? 'unknown' : 'pass'
}

/** The invariants that failed in a run; none if its findings do not count. */
export function breachedOf(result: ScenarioResult): string[] {
  return result.verdict === 'fail' ? breachedIds(result) : []
}

const kindOf = (verdict: CellVerdict) => (Array.isArray(verdict) ? 'fail' : verdict)

function sum(runs: readonly CellRun[], of: (run: CellRun) => number): number {
  return runs.reduce((total, run) => total + of(run), 0)
}
