import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'

/** Returns the function that titles a result: 'Tunnel'; 'Tunnel · seed 7' if seeds differ. */
export function runTitles({
  results,
}: Pick<RunResult, 'results'>): (result: ScenarioResult) => string {
  const severalSeeds = new Set(results.map(({ seed }) => seed)).size > 1
  return ({ title, seed }) => (severalSeeds ? `${title} · seed ${seed}` : title)
}
