import type { Finding } from '../core/invariant.ts'
import type { InvariantResult } from '../core/result.ts'

/**
 * Returns a result without the findings that cannot be trusted: unknown, for the reason `why`, if
 * no other finding is left.
 */
export function setAside(
  result: InvariantResult,
  isDoubtful: (finding: Finding) => boolean,
  why: string,
): InvariantResult {
  const findings = result.findings.filter((finding) => !isDoubtful(finding))
  if (findings.length === result.findings.length) return result
  return findings.length > 0
    ? { ...result, findings }
    : { ...result, verdict: 'unknown', why, findings }
}
