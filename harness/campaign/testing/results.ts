import type { ScenarioResult } from '../../core/result.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { CellRun } from '../cell-outcome.ts'

/** Returns a result with one finding for each of these invariants. */
export function resultOf(verdict: Verdict, ids: readonly string[] = [], seed = 1): ScenarioResult {
  return {
    ...{ scenario: 'tunnel', title: 'Tunnel', story: 'A tunnel.', world: 'sim' },
    ...{ client: 'queue', server: 'express', seed, timeScale: 1, verdict, exercised: [] },
    ...(verdict === 'unknown' && { why: 'nobody looked' }),
    invariants: ids.map((id) => ({
      ...{ id, promise: 'It holds.', verdict: 'fail', judged: 1 },
      findings: [{ message: `${id} is broken`, opIds: ['ana-1'], evidence: [1] }],
    })),
    ...{ events: 2, hash: 'abc', scenarioMs: 1000, realMs: 5 },
    ...{ history: 'histories/sim/tunnel.jsonl', replay: `replay ${seed}` },
  }
}

export function cellRun(result: ScenarioResult, more: Partial<CellRun> = {}): CellRun {
  const cost = { writes: 0, requests: 0, bytes: 0 }
  return { result, cost, recoveryMs: undefined, evidence: [], ...more }
}
