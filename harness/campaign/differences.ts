import { isEqualJson } from '../core/json.ts'
import type { CellVerdict } from '../core/matrix.ts'
import type { ScenarioResult } from '../core/result.ts'
import { breachedOf } from './cell-outcome.ts'

/** Describes a verdict in a few words: 'pass', 'NO-LOSS and ONE-ROW fail'. */
export function verdictText(verdict: CellVerdict): string {
  if (!Array.isArray(verdict)) return verdict
  const last = verdict.at(-1)
  if (verdict.length < 2) return `${last} fails`
  return `${verdict.slice(0, -1).join(', ')} and ${last} fail`
}

/** Compares a verdict with the expected one. Returns the difference, or undefined. */
export function unexpected(
  world: string,
  found: CellVerdict,
  expected: CellVerdict | undefined,
): string | undefined {
  if (expected === undefined)
    return `nothing is expected, the ${world} found: ${verdictText(found)}`
  if (isSameVerdict(found, expected)) return undefined
  return `expected: ${verdictText(expected)}; the ${world} found: ${verdictText(found)}`
}

/** The order of the invariants does not count. */
export function isSameVerdict(a: CellVerdict, b: CellVerdict): boolean {
  return isEqualJson(sorted(a), sorted(b))
}

const sorted = (verdict: CellVerdict) => (Array.isArray(verdict) ? [...verdict].sort() : verdict)

/**
 * Compares a run on the wire with the runs of the same cell in the sim, one for each seed. They
 * agree if the wire does what the sim did with some seed: one of its verdicts, no invariant broken
 * that held with every seed, and each one that broke with every seed. Returns the difference, or
 * undefined.
 */
export function disagreement(
  sim: readonly ScenarioResult[],
  wire: ScenarioResult,
): string | undefined {
  const simulated = sim.map(breachedOf)
  const onTheWire = breachedOf(wire)
  const ever = new Set(simulated.flat())
  const always = [...ever].filter((id) => simulated.every((ids) => ids.includes(id)))
  const agree =
    sim.some(({ verdict }) => verdict === wire.verdict) &&
    onTheWire.every((id) => ever.has(id)) &&
    always.every((id) => onTheWire.includes(id))
  if (agree) return undefined
  const said = [...new Set(sim.map(resultText))].join(', or ')
  return `the worlds do not agree: the sim found: ${said}; the wire found: ${resultText(wire)}`
}

function resultText(result: ScenarioResult): string {
  const { verdict, why } = result
  if (verdict === 'fail') return verdictText(breachedOf(result).sort())
  return why === undefined ? verdict : `${verdict} (${why})`
}
