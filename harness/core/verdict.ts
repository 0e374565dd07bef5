/** The verdict on a run. unknown: the history cannot decide. */
export type Verdict = 'pass' | 'fail' | 'unknown'

const SEVERITY: Readonly<Record<Verdict, number>> = { pass: 0, unknown: 1, fail: 2 }

/** Returns the worst verdict: fail, then unknown, then pass. Without any verdict: unknown. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let worstYet: Verdict | undefined
  for (const verdict of verdicts) {
    if (worstYet === undefined || SEVERITY[verdict] > SEVERITY[worstYet]) worstYet = verdict
  }
  return worstYet ?? 'unknown'
}
