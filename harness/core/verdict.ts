/** pass, fail, or unknown: the history cannot decide. */
export type Verdict = 'pass' | 'fail' | 'unknown'

const SEVERITY: Readonly<Record<Verdict, number>> = { pass: 0, unknown: 1, fail: 2 }

/** The worst wins: fail over unknown over pass. Nothing at all is unknown. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict | undefined
  for (const verdict of verdicts) {
    if (found === undefined || SEVERITY[verdict] > SEVERITY[found]) found = verdict
  }
  return found ?? 'unknown'
}
